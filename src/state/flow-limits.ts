const DAY_MS = 24 * 3_600_000;

/** What is ripe is lent for so long; not settled by then, it is lent again. */
export const LEND_MS = 60_000;

/** Bytes of what was lent after which no more is lent in one go: a worker holds them in memory, several times over. */
export const LENT_LENGTH = 16 * 1024 * 1024;

/** A redelivery may come this much later than the event it repeats: what a flow keeps outlives it. */
export const REDELIVERY_HORIZON_MS = 8 * DAY_MS;

/** So late, by the time of the events, may the second part of a sequence come and still find the first. */
export const LATENESS_MS = DAY_MS;

/** A batch that could not be seen through may wait so long for a person. */
export const KEEP_MEMO_MS = 30 * DAY_MS;

/** First parts that wait for a `then` in one place. */
export const FIRST_PARTS = 100;

/** First parts that wait for an `unless` in one place: each is looked at when another comes. */
export const ABSENCES = 1_000;

/** Turns that a throttle has on record, so that a late event finds its answer. */
export const TURNS = 16;

/** Times at which a rule announced itself that are remembered, so that late events are inhibited or not as they should. */
export const ANNOUNCEMENTS = 16;

/** Ids that are listed of what a throttle held back. All are counted. */
export const LISTED = 50;

/** Effects that are held for one rule. What a rule would do beyond that is given up, so that Redis does not fill with it. */
export const HELD_EFFECTS = 200_000;
