/** A rule that wants to act on an event of which it may be the cause itself. */
export interface Encounter {
  /** The same for the same rule, event and step. */
  readonly id: string;
  readonly ruleId: string;
  /** The instance where they meet. */
  readonly munchkinId?: string | undefined;
  /** With whom: a smart campaign, which may answer what the rule wrote, or the last rule of a chain that is too long. */
  readonly with:
    | { readonly kind: 'campaign'; readonly campaignId?: string; readonly name: string }
    | { readonly kind: 'rule'; readonly name: string };
  /** Type of the event. */
  readonly type: string;
  /** When it happened, epoch milliseconds. */
  readonly time: number;
  /** The lead whom it is about, and the owner of what is kept of it. */
  readonly lead?: { readonly id: string; readonly owner: string } | undefined;
}

/** What was found of an encounter. */
export interface Met {
  /** The rule must not act. Always so for a chain. */
  readonly stopped: boolean;
  /** How often the two have answered each other since `since`, epoch milliseconds. */
  readonly times: number;
  readonly since: number;
  /** Until when the rule is stopped for this lead and campaign, epoch milliseconds. */
  readonly until: number;
}

/** Where it is kept who answers whom: in Redis for a worker; a trial has none. */
export interface LoopBook {
  /** Answers every encounter of a batch, in order; a batch that comes again is answered as before. */
  meet(batch: string, encounters: readonly Encounter[]): Promise<readonly Met[]>;
}
