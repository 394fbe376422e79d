/** What became of a rule whose conditions an event met. A suppression is an outcome like any other. */
export type DecisionOutcome =
  /** Its effects were queued. */
  | 'fired'
  /** The first part of a sequence; it waits for the second, or for its absence, until `until`. */
  | 'waiting'
  /** Marketo could not be asked about the person; it is judged again at `until`. */
  | 'undecided'
  /** What `unless` names came in time: nothing is to be done. */
  | 'followed'
  /** Held back by `throttle`; `until` says for how long. */
  | 'throttled'
  /** It acts together with others at `until`, or when enough have come. */
  | 'grouped'
  /** It came outside the rule's hours, and is acted on at `until`. */
  | 'deferred'
  /** It came outside the rule's hours, and is not acted on. */
  | 'outside-hours'
  /** A silence that a person set; `reason` names it. */
  | 'silenced'
  /** Another rule or a condition mutes this one; `reason` names it. */
  | 'inhibited'
  /** What the rule itself wrote came back in the stream; `reason` names the effect. */
  | 'own-write'
  /** It would go on with a loop: a chain of firings that is too long, or a smart campaign that answers it again and again. */
  | 'looped'
  /** It is more than the rule's `limit` allows: it waits for a person. */
  | 'held'
  /** The rule has reached its end date. */
  | 'expired'
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
  /** Ids of the effects that were queued; of those that are held when the outcome says so. */
  readonly effects: readonly string[];
}
