/** What a person mutes for a time while the rules go on being decided: set at run time, never by editing rules. */
export interface Silence {
  readonly id: string;
  /** The id of a rule, or a pattern in which `*` stands for any text: `leads/*`. */
  readonly rules: string;
  /** Only for events that are all of this; every event unless given. */
  readonly where?: SilencedEvents;
  /** Who answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** It holds from here, RFC 3339 in UTC. */
  readonly from: string;
  /** It holds until here, RFC 3339 in UTC. */
  readonly until: string;
  /** Within these it holds only for so long after each run. */
  readonly every?: RecurringWindow;
  /** The id of an API key, or `cli:<user>`. */
  readonly createdBy: string;
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
}

export interface SilencedEvents {
  readonly leadId?: string;
  readonly munchkinId?: string;
  /** A short event type name, or a pattern of them as in a rule's `on`. */
  readonly type?: string;
}

export interface RecurringWindow {
  /** When it begins: five fields (minute, hour, day of month, month, weekday). */
  readonly cron: string;
  readonly forMs: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** Whether it is to hold, holds now (one that recurs: again and again), or has ended. `now`: epoch milliseconds. */
export function stateOfSilence({ from, until }: Silence, now: number): 'planned' | 'holds' | 'ended' {
  if (Date.parse(until) <= now) return 'ended';
  return Date.parse(from) <= now ? 'holds' : 'planned';
}

/** For the audit book: `leads/* until 2026-11-26T12:00:00.000Z: a migration`. */
export function describeSilence({ rules, until, reason }: Silence): string {
  return `${rules} until ${until}: ${reason}`;
}
