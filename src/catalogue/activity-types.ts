/** One kind of lead activity. */
export interface ActivityType {
  /** Marketo's number for it; undefined where no public list gives one. */
  readonly id: number | undefined;
  readonly name: string;
  /** `marketo.activity.<suffix>` */
  readonly type: string;
  /** Attribute names seen so far: a hint for authors, not a schema. Any may be absent, others may come. */
  readonly attributes: readonly string[];
}

export const ACTIVITY_PREFIX = 'marketo.activity.';

/** Every activity type that a customer defined arrives under this one name; `data.activityTypeId` tells them apart. */
export const CUSTOM_ACTIVITY = `${ACTIVITY_PREFIX}custom`;

/** Adobe numbers customers' own activity types from here. */
const FIRST_CUSTOM_ID = 100_000;

/** Adobe's rule for event codes: the display name in lower case without its spaces. */
function activity(
  id: number | undefined,
  name: string,
  attributes: readonly string[] = [],
  suffix = name.toLowerCase().replaceAll(' ', ''),
): ActivityType {
  return { id, name, type: ACTIVITY_PREFIX + suffix, attributes };
}

/** The types of the lead activity stream in Adobe's documentation. */
const STREAMED: readonly ActivityType[] = [
  activity(1, 'Visit Webpage', [
    'Client IP Address',
    'Query Parameters',
    'Referrer URL',
    'User Agent',
    'Webpage ID',
    'Webpage URL',
    'Search Engine',
    'Search Query',
  ]),
  activity(2, 'Fill Out Form', [
    'Client IP Address',
    'Query Parameters',
    'Referrer URL',
    'User Agent',
    'Webpage ID',
    'Form Fields',
  ]),
  activity(3, 'Click Link', [
    'Link ID',
    'Client IP Address',
    'Query Parameters',
    'Referrer URL',
    'User Agent',
    'Webpage ID',
  ]),
  activity(6, 'Send Email', [
    'Campaign Run ID',
    'Step ID',
    'Mailing ID',
    'Choice Number',
    'Has Predictive',
    'Test Variant',
  ]),
  activity(7, 'Email Delivered', [
    'Choice Number',
    'Campaign Run ID',
    'Mailing ID',
    'Has Predictive',
    'Step ID',
    'Test Variant',
  ]),
  activity(8, 'Email Bounced', [
    'Subcategory',
    'Category',
    'Email',
    'Mailing ID',
    'Details',
    'Campaign Run ID',
    'Choice Number',
    'Has Predictive',
    'Step ID',
    'Test Variant',
  ]),
  activity(9, 'Unsubscribe Email', [
    'Campaign Run ID',
    'Client IP Address',
    'Mailing ID',
    'Query Parameters',
    'Referrer URL',
    'User Agent',
    'Webpage ID',
    'Webform ID',
    'Form Fields',
    'Has Predictive',
    'Test Variant',
  ]),
  activity(10, 'Open Email', [
    'Campaign Run ID',
    'Platform',
    'Device',
    'Mailing ID',
    'User Agent',
    'Is Mobile Device',
    'Bot Activity Pattern',
    'Choice Number',
    'Has Predictive',
    'Is Bot Activity',
    'Step ID',
    'Test Variant',
  ]),
  activity(11, 'Click Email', [
    'Campaign Run ID',
    'Mailing ID',
    'Link',
    'Bot Activity Pattern',
    'Choice Number',
    'Device',
    'Is Bot Activity',
    'Is Mobile Device',
    'Is Predictive',
    'Link ID',
    'Platform',
    'Step ID',
    'Test Variant',
    'User Agent',
  ]),
  activity(12, 'New Lead', [
    'Created Date',
    'Source Type',
    'Form Name',
    'Lead Source',
    'List Name',
    'SFDC Type',
    'API Method Name',
    'Modifying User',
    'Request Id',
  ]),
  activity(13, 'Change Data Value', [
    'Reason',
    'Attribute Name',
    'New Value',
    'Old Value',
    'Source',
    'Campaign',
    'Channel',
  ]),
  activity(19, 'Sync Lead to SFDC', []),
  activity(21, 'Convert Lead', []),
  activity(22, 'Change Score', ['Reason', 'Change Value', 'New Value', 'Old Value', 'Score Name']),
  activity(23, 'Change Owner', []),
  activity(24, 'Add To List', ['List ID', 'Campaign']),
  activity(25, 'Remove from List', ['List ID', 'Campaign', 'Channel']),
  activity(26, 'SFDC Activity', []),
  activity(27, 'Email Bounced Soft', [
    'Campaign Run ID',
    'Subcategory',
    'Category',
    'Email',
    'Mailing ID',
    'Details',
  ]),
  activity(28, 'Sync Lead Updates to SFDC', []),
  activity(29, 'Delete Lead from SFDC', []),
  activity(30, 'SFDC Activity Updated', []),
  activity(31, 'SFDC Merge Leads', []),
  activity(32, 'Merge Leads', ['Merge IDs', 'Merge Fields']),
  activity(34, 'Add to Opportunity', []),
  activity(37, 'Delete Lead', []),
  activity(38, 'Send Alert', ['Send To Owner', 'Send To List', 'Mailing ID']),
  activity(39, 'Send Sales Email', ['Sent by', 'Artifact ID']),
  activity(40, 'Open Sales Email', ['Sent by', 'Artifact ID', 'Template ID']),
  activity(41, 'Click Sales Email', ['Sent by', 'Artifact ID', 'Template ID', 'Link']),
  activity(42, 'Add to SFDC Campaign', []),
  activity(43, 'Remove from SFDC Campaign', []),
  activity(44, 'Change Status in SFDC Campaign', []),
  activity(45, 'Receive Sales Email', ['Artifact ID', 'Received by']),
  activity(46, 'Interesting Moment', ['Source', 'Date', 'Type']),
  activity(47, 'Request Campaign', ['Campaign ID', 'Source']),
  activity(48, 'Sales Email Bounced', []),
  activity(100, 'Change Lead Partition', ['New Partition ID', 'Old Partition ID', 'Reason']),
  activity(101, 'Change Revenue Stage', ['Reason', 'Old Stage ID', 'Model ID', 'New Stage ID']),
  activity(104, 'Change Status In Progression', [
    'Acquired By',
    'Old Status',
    'New Status ID',
    'Success',
    'New Status',
    'Program ID',
    'Old Status ID',
  ]),
  activity(108, 'Change Segment', ['New Segment ID', 'Segmentation ID']),
  activity(110, 'Call Webhook', ['Error Type']),
  activity(111, 'Send Forward to Friend Email', ['Mailing ID', 'Lead ID']),
  activity(112, 'Receive Forward to Friend Email', ['Mailing ID', 'LeadID']),
  activity(113, 'Add To Nurture', ['Program ID', 'Track ID', 'Track Name']),
  activity(114, 'Change Nurture Track', [
    'Previous Track ID',
    'New Track ID',
    'Track Name',
    'Program ID',
    'Previous Track Name',
  ]),
  activity(115, 'Change Nurture Cadence', ['New Nurture Cadence', 'Program ID']),
  activity(123, 'Change Program Member Data', []),
  activity(131, 'Fill Out Facebook Lead Ads Form', ['Lead Ad Form ID']),
  activity(132, 'Click RTP Call to Action', ['Asset ID']),
  activity(133, 'Click Predictive Content', ['Asset ID', 'Type']),
  activity(145, 'Push Lead to Marketo', ['Reason', 'Source']),
  activity(147, 'Fill Out Linked Lead Gen Form', []),
  activity(300, 'Sync Lead to Microsoft', ['Assign To', 'Sync As']),
  activity(400, 'Share Content', ['Share Message', 'Social Network', 'Social App Type ID', 'Webpage ID']),
  activity(401, 'Vote in Poll', ['Vote Choice', 'Social Network', 'Webpage ID']),
  activity(402, 'Sign Up for Referral Offer', ['Social Network', 'Social App Type ID', 'Webpage ID']),
  activity(403, 'Achieve Goal In Referral', ['Social Network', 'Social App Type ID', 'Webpage ID']),
  activity(405, 'Click Shared Link', ['Social Network', 'Social App Type ID', 'Sharer ID', 'Webpage ID']),
  activity(406, 'Win Sweepstakes', ['Drawing Date', 'Social Network', 'Webpage ID']),
  activity(407, 'Enter Sweepstakes', ['Social Network', 'Webpage ID']),
  activity(408, 'Disqualify Sweepstakes', ['Disqualified Reason', 'Social Network', 'Webpage ID']),
  activity(409, 'Earn Entry In Social App', ['Social Network', 'Social App Type ID', 'Webpage ID']),
  activity(410, 'Refer to Social App', [
    'Social Network',
    'Social App Type ID',
    'Webpage ID',
    'Referred Type',
  ]),
];

/** Types that only the direct push or older lists name. */
const OTHERS: readonly ActivityType[] = [
  activity(35, 'Remove from Opportunity'),
  activity(36, 'Update Opportunity'),
  activity(102, 'Change Revenue Stage Manually'),
  activity(106, 'Enrich with Data.com', [], 'enrichwithdatadotcom'),
  activity(155, 'Execute Campaign'),
  activity(undefined, 'Change Program Data'),
];

export const ACTIVITY_TYPES: readonly ActivityType[] = [...STREAMED, ...OTHERS];

const byId = new Map(ACTIVITY_TYPES.map((known) => [known.id, known]));
byId.delete(undefined);

/** The activity type with Marketo's number `id`, if it is in the catalogue. */
export function activityTypeById(id: number): ActivityType | undefined {
  return byId.get(id);
}

/**
 * The short type of an activity that came without an event code, as the direct push sends it: by its number, else
 * by its display name. Undefined when neither says anything.
 */
export function activityTypeName(id: unknown, name: unknown): string | undefined {
  if (typeof id === 'number') {
    const known = byId.get(id);
    if (known !== undefined) return known.type;
    if (id >= FIRST_CUSTOM_ID) return CUSTOM_ACTIVITY;
  }
  if (typeof name !== 'string') return undefined;
  const suffix = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return suffix === '' ? undefined : ACTIVITY_PREFIX + suffix;
}
