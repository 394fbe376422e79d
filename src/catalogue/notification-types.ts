/** A notice that Marketo shows its users, as an event. */
export interface NotificationType {
  readonly name: string;
  /** `marketo.notification.<kind>` */
  readonly type: string;
  /** Values of `data.subType` that Adobe's samples show. */
  readonly subTypes: readonly string[];
  /** Members of `data.eventAction` that Adobe documents. */
  readonly details: readonly string[];
}

export const NOTIFICATION_PREFIX = 'marketo.notification.';

/** Adobe's only sample of a campaign failure carries the values of a campaign abort, so it is told by its type alone. */
export const NOTIFICATION_TYPES: readonly NotificationType[] = [
  {
    name: 'Campaign Abort',
    type: `${NOTIFICATION_PREFIX}campaign_abort`,
    subTypes: ['user_campaign_abort'],
    details: ['campaignId', 'userId'],
  },
  { name: 'Campaign Failure', type: `${NOTIFICATION_PREFIX}campaign_failure`, subTypes: [], details: [] },
  {
    name: 'Web Services Daily Quota',
    type: `${NOTIFICATION_PREFIX}web_services`,
    subTypes: ['dailyQuota'],
    details: ['dailyQuota', 'percent', 'serviceNames'],
  },
];
