/** What the engine tells of itself and of its sources, so that rules can act on it. */
export interface SignalmanType {
  readonly type: string;
  /** When it is told, as the end of "it is told when …". */
  readonly when: string;
  /** Members of `data`. */
  readonly members: readonly string[];
}

export const SIGNALMAN_PREFIX = 'signalman.';

export const SIGNALMAN_TYPES: readonly SignalmanType[] = [
  {
    type: `${SIGNALMAN_PREFIX}stream.silent`,
    when: 'a stream has been silent for longer than is normal for it',
    members: ['source', 'stream', 'lastHeardAt', 'silentForSeconds', 'expectedEverySeconds', 'learned'],
  },
  {
    type: `${SIGNALMAN_PREFIX}stream.resumed`,
    when: 'a stream that was told to be silent is heard again',
    members: ['source', 'stream', 'lastHeardAt', 'silentForSeconds'],
  },
  {
    type: `${SIGNALMAN_PREFIX}schedule`,
    when: 'a rule with `every` is due; the event is for that rule alone',
    members: ['rule', 'scheduledAt', 'missed'],
  },
  {
    type: `${SIGNALMAN_PREFIX}registration.changed`,
    when: 'Adobe calls a registration by another state than before, or switches it on or off',
    members: ['source', 'enabled', 'status', 'previous'],
  },
  {
    type: `${SIGNALMAN_PREFIX}journal.gap`,
    when: "Adobe's journal has expired further than we had read it, so that events are lost",
    members: ['source', 'from', 'to', 'reason'],
  },
  {
    type: `${SIGNALMAN_PREFIX}loop`,
    when: 'a rule and a smart campaign, or rules, set each other off again and again and were stopped; once an hour for the two',
    members: ['rule', 'with', 'campaignId', 'campaign', 'otherRule', 'type', 'stops', 'reason'],
  },
  {
    type: `${SIGNALMAN_PREFIX}destination.failing`,
    when: 'a destination fails again and again or asks to be left alone for a quarter of an hour, wants nothing more, has too much waiting for it, or has been well again for five minutes; `state` is `failing`, `disabled`, `full` or `well`',
    members: ['destination', 'kind', 'state', 'since', 'reason', 'waiting'],
  },
  {
    type: `${SIGNALMAN_PREFIX}rule.held`,
    when: 'a rule would have done more than its `limit` allows, and is held; once, when that begins',
    members: ['rule', 'reason', 'since', 'effects', 'leads'],
  },
  {
    type: `${SIGNALMAN_PREFIX}usage`,
    when: "Marketo's count of an instance's API calls of the day was read and is another than before, and every hour",
    members: [
      'munchkinId',
      'used',
      'limit',
      'percent',
      'forecastAtMidnight',
      'forecastPercent',
      'topUser',
      'users',
    ],
  },
];
