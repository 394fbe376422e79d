/**
 * What rules remember lies in logs: an owner, such as a lead, has one hash of them, a field a log. A log is records one
 * behind the other, in the order in which they were noted; whoever reads it puts them in the order of time. So a store
 * only appends and never has to understand, and one of Redis and one in memory are the same thing.
 */
export interface LogPlace {
  /** For whom something is kept: a hash, 16 characters of base64url. */
  readonly owner: string;
  /** Which log of that owner. A field that begins with `~` is no log but a state of the flow (`flow.ts`). */
  readonly field: string;
}

/**
 * Field of an owner that was erased: nothing more is kept of it. Its value is empty, or of one who was merged into
 * another the owner of that one, where references are to look.
 */
export const ERASED_FIELD = 'x';

/** Field of what is known of a person: the log of its profile. Not united when people are merged. */
export const PROFILE_FIELD = 'p';

/** Fields that begin so belong to the flow of a rule. */
export const FLOW_MARK = '~';

export interface LogTouch extends LogPlace {
  /** Records to put at its end; left out: it is only read. */
  readonly append?: Buffer;
  /** What is kept of the owner stays at least so long from now on, milliseconds. */
  readonly keepMs: number;
}

/** What a batch asks of memory, all at once. */
export interface MemoryRequest {
  /** At most one for each place. */
  readonly touches: readonly LogTouch[];
  /** After the touches: the logs of `from` become part of those of `into`, and `from` is erased. */
  readonly merges: readonly { readonly into: string; readonly from: readonly string[] }[];
  /** After both: everything that is kept of these goes, and nothing more is taken. */
  readonly erasures: readonly string[];
}

/** What a log held before the request, for each touch in its place; undefined: nothing. */
export type LogsBefore = readonly (Buffer | undefined)[];

/** A change that adds no event: losing it costs work, never truth. */
export type LogChange = LogPlace &
  (
    | { readonly kind: 'append'; readonly records: Buffer; readonly keepMs: number }
    /** A log that begins with exactly these bytes begins with the others instead. What was appended since stays. */
    | { readonly kind: 'replace'; readonly beginning: Buffer; readonly by: Buffer }
  );

/** Another run has seen the batch through: what is left of this one has nothing to do any more. */
export class BatchClosed extends Error {
  override readonly name = 'BatchClosed';
}

/** Where memory is kept: in Redis for a worker, in a map for a trial. */
export interface MemoryStore {
  /**
   * Carries out what a batch asks, in one round trip unless people leave. A batch that comes again, because a crash came
   * between, changes nothing twice and is told what it was told before, until it is closed.
   * @throws BatchClosed when it is.
   */
  exchange(batch: string, request: MemoryRequest): Promise<LogsBefore>;
  improve(changes: readonly LogChange[]): Promise<void>;
}
