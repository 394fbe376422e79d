/** What became of a rule whose conditions an event met. A suppression is an outcome like any other. */
export type DecisionOutcome =
  /** Its effects were queued. */
  | 'fired'
  /** Held back by `throttle`; `until` says for how long. */
  | 'throttled'
  /** `mode: shadow`: recorded, nothing done. */
  | 'shadow'
  /** The rule could not act, for example because a template failed. `reason` says why. */
  | 'failed';

/** One rule's verdict on one event that met its conditions. */
export interface Decision {
  readonly eventId: string;
  readonly ruleId: string;
  /** Short hash of the rule's text as it was decided with. */
  readonly ruleVersion: string;
  readonly outcome: DecisionOutcome;
  readonly reason?: string;
  /** RFC 3339 in UTC. */
  readonly until?: string;
  /** Ids of the effects that were queued. */
  readonly effects: readonly string[];
}
