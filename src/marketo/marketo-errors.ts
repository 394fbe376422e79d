/** What may be done about an error code of Marketo's REST API. */
export type MarketoErrorClass =
  | 'permanent'
  | 'backoff'
  /** The call may have taken effect all the same. */
  | 'outcome-unknown'
  /** The token is no longer good: renew it and repeat once. */
  | 'refresh-token'
  /** Too many calls in 20 seconds: wait for the window to pass. */
  | 'rate-window'
  /** A quota of the day is used up: wait for midnight in Marketo's time zone. */
  | 'after-midnight';

/**
 * The codes of Adobe's documentation, for whole calls (below 1000) and for single records, with their meaning.
 * Adobe does not say which may be repeated: the classes follow its remarks and the practice of public clients.
 */
export const MARKETO_ERRORS: Readonly<Record<string, readonly [MarketoErrorClass, string]>> = {
  500: ['backoff', 'Internal Server error'],
  502: ['backoff', 'Bad Gateway'],
  601: ['refresh-token', 'Access token invalid'],
  602: ['refresh-token', 'Access token expired'],
  603: ['permanent', 'Access denied'],
  604: ['outcome-unknown', 'Request time-out'],
  605: ['permanent', 'HTTP Method not supported'],
  606: ['rate-window', "Max rate limit '100' exceeded with in '20' secs"],
  607: ['after-midnight', 'Daily quota reached'],
  608: ['backoff', 'API Temporarily Unavailable'],
  609: ['permanent', 'Invalid JSON'],
  610: ['permanent', 'Requested resource not found'],
  611: ['backoff', 'System error'],
  612: ['permanent', 'Invalid Content Type'],
  613: ['permanent', 'Invalid Multipart Request'],
  614: ['backoff', 'Invalid Subscription'],
  615: ['backoff', "Concurrent access limit '10' reached"],
  616: ['permanent', 'Invalid subscription type'],
  701: ['permanent', '%s cannot be blank'],
  702: ['permanent', 'No data found for a given search scenario'],
  703: ['permanent', 'The feature is not enabled for the subscription'],
  704: ['permanent', 'Invalid date format'],
  709: ['permanent', 'Business Rule Violation'],
  710: ['permanent', 'Parent Folder Not Found'],
  711: ['permanent', 'Incompatible Folder Type'],
  712: ['permanent', 'Merge to person Account operation is invalid'],
  714: ['permanent', 'Unable to find the default record type'],
  718: ['permanent', 'ExternalSalesPersonID not found'],
  713: ['backoff', 'Transient Error'],
  719: ['backoff', 'Lock wait timeout exception'],
  1001: ['permanent', "Invalid value '%s'. Required of type '%s'"],
  1002: ['permanent', "Missing value for the required parameter '%s'"],
  1003: ['permanent', 'Invalid data'],
  1004: ['permanent', 'Lead not found'],
  1005: ['permanent', 'Lead already exists'],
  1006: ['permanent', "Field '%s' not found"],
  1007: ['permanent', 'Multiple leads match the lookup criteria'],
  1008: ['permanent', "Access denied to partition '%s'"],
  1009: ['permanent', 'Partition name must be specified'],
  1010: ['permanent', 'Partition update not allowed'],
  1011: ['permanent', "Field '%s' not supported"],
  1012: ['permanent', "Invalid cookie value '%s'"],
  1013: ['permanent', 'Object not found'],
  1014: ['permanent', 'Failed to create Object'],
  1015: ['permanent', 'Lead not in list'],
  1016: ['backoff', 'Too many imports'],
  1017: ['permanent', 'Object already exists'],
  1018: ['permanent', 'CRM Enabled'],
  1019: ['backoff', 'Import in progress'],
  1020: ['after-midnight', 'Too many clones to program'],
  1021: ['permanent', 'Company update not allowed'],
  1022: ['backoff', 'Object in use'],
  1025: ['permanent', 'Program status not found'],
  1026: ['permanent', 'Custom object not enabled'],
  1027: ['permanent', 'Max Activity Type Limit Reached'],
  1028: ['permanent', 'Max field limit reached'],
  1029: ['backoff', 'Too many jobs in queue'],
  1035: ['permanent', 'Unsupported filter type'],
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
