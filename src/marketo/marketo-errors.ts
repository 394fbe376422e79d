/** What may be done about an error code of Marketo's REST API. */
export type MarketoErrorClass =
  /** It is about a record: the others of its call may pass. */
  | 'permanent'
  /** It is about what all records of a call share: the path, the target, what we are allowed to do. */
  | 'permanent-for-all'
  | 'backoff'
  /** The same, and the instance takes nothing else either. */
  | 'down'
  /** It may be that the request is wrong all the same, so a few tries are enough. */
  | 'few-tries'
  /** Something long has to end first. */
  | 'slow'
  /** The call may have taken effect all the same. */
  | 'outcome-unknown'
  /** The token is no longer good: renew it and repeat once. */
  | 'refresh-token'
  /** Too many calls in 20 seconds: wait for the window to pass. */
  | 'rate-window'
  /** Too many calls at once. */
  | 'places'
  /** The calls of the day are used up: until midnight in Marketo's time zone, unless somebody raises the quota. */
  | 'day'
  /** A quota of the day is used up that is not about calls: wait for midnight in Marketo's time zone. */
  | 'after-midnight';

/**
 * The codes of Adobe's documentation, for whole calls (below 1000) and for single records, with their meaning.
 * Adobe does not say which may be repeated: the classes follow its remarks and the practice of public clients.
 */
export const MARKETO_ERRORS: Readonly<Record<string, readonly [MarketoErrorClass, string]>> = {
  500: ['few-tries', 'Internal Server error'],
  502: ['down', 'Bad Gateway'],
  601: ['refresh-token', 'Access token invalid'],
  602: ['refresh-token', 'Access token expired'],
  603: ['permanent-for-all', 'Access denied'],
  604: ['outcome-unknown', 'Request time-out'],
  605: ['permanent-for-all', 'HTTP Method not supported'],
  606: ['rate-window', "Max rate limit '100' exceeded with in '20' secs"],
  607: ['day', 'Daily quota reached'],
  608: ['down', 'API Temporarily Unavailable'],
  609: ['permanent-for-all', 'Invalid JSON'],
  610: ['permanent-for-all', 'Requested resource not found'],
  611: ['down', 'System error'],
  612: ['permanent-for-all', 'Invalid Content Type'],
  613: ['permanent-for-all', 'Invalid Multipart Request'],
  614: ['down', 'Invalid Subscription'],
  615: ['places', "Concurrent access limit '10' reached"],
  616: ['permanent-for-all', 'Invalid subscription type'],
  701: ['permanent', '%s cannot be blank'],
  702: ['permanent', 'No data found for a given search scenario'],
  703: ['permanent-for-all', 'The feature is not enabled for the subscription'],
  704: ['permanent', 'Invalid date format'],
  709: ['permanent', 'Business Rule Violation'],
  710: ['permanent-for-all', 'Parent Folder Not Found'],
  711: ['permanent-for-all', 'Incompatible Folder Type'],
  712: ['permanent', 'Merge to person Account operation is invalid'],
  713: ['backoff', 'Transient Error'],
  714: ['permanent', 'Unable to find the default record type'],
  718: ['permanent', 'ExternalSalesPersonID not found'],
  719: ['backoff', 'Lock wait timeout exception'],
  1001: ['permanent', "Invalid value '%s'. Required of type '%s'"],
  1002: ['permanent', "Missing value for the required parameter '%s'"],
  1003: ['permanent', 'Invalid data'],
  1004: ['permanent', 'Lead not found'],
  1005: ['permanent', 'Lead already exists'],
  1006: ['permanent', "Field '%s' not found"],
  1007: ['permanent', 'Multiple leads match the lookup criteria'],
  1008: ['permanent-for-all', "Access denied to partition '%s'"],
  1009: ['permanent-for-all', 'Partition name must be specified'],
  1010: ['permanent', 'Partition update not allowed'],
  1011: ['permanent', "Field '%s' not supported"],
  1012: ['permanent', "Invalid cookie value '%s'"],
  1013: ['permanent-for-all', 'Object not found'],
  1014: ['permanent', 'Failed to create Object'],
  1015: ['permanent', 'Lead not in list'],
  1016: ['slow', 'Too many imports'],
  1017: ['permanent', 'Object already exists'],
  1018: ['permanent-for-all', 'CRM Enabled'],
  1019: ['slow', 'Import in progress'],
  1020: ['after-midnight', 'Too many clones to program'],
  1021: ['permanent', 'Company update not allowed'],
  1022: ['slow', 'Object in use'],
  1025: ['permanent-for-all', 'Program status not found'],
  1026: ['permanent-for-all', 'Custom object not enabled'],
  1027: ['permanent-for-all', 'Max Activity Type Limit Reached'],
  1028: ['permanent-for-all', 'Max field limit reached'],
  1029: ['slow', 'Too many jobs in queue'],
  1035: ['permanent-for-all', 'Unsupported filter type'],
  1036: ['permanent', 'Duplicate object found in input'],
  1037: ['permanent', 'Lead was skipped'],
  1042: ['permanent', 'Invalid runAt date'],
  1048: ['permanent', 'Custom Object Discard Draft Failed'],
  1049: ['permanent', 'Failed to Create Activity'],
  1076: ['permanent', 'Merge Leads call with mergeInCRM flag is 4'],
  1077: ['permanent', "Merge Leads call failed due to 'SFDC Field' length"],
  1078: [
    'permanent',
    'Merge Leads call failed due to deleted entity, not a lead/contact, or field filter criteria does not match',
  ],
  1079: ['permanent', 'Merge Leads call failed due to Personalized URL conflict in duplicate records'],
  1080: ['permanent', 'More than 25 leads in a merge'],
};
