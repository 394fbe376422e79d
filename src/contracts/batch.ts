/** The three doors, by what speaks behind them. */
export const SOURCE_KINDS = ['adobe', 'marketo', 'events'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What one request brought, or several single events that came together. */
export interface RawBatch {
  /** Name of the source in the connections file. */
  readonly source: string;
  readonly kind: SourceKind;
  /** RFC 3339 in UTC. */
  readonly receivedAt: string;
  /** Each request body, exactly the bytes received. */
  readonly bodies: readonly Buffer[];
}

/** Payload of a job in the events queue. The bodies lie beside it, one after the other, under the job's id. */
export interface StoredBatch extends Omit<RawBatch, 'bodies'> {
  readonly v: 1;
  /** Bytes of each body. */
  readonly lengths: readonly number[];
}

/** A piece of a batch that could not be read as an event. It is kept and shown, never dropped. */
export interface Unreadable {
  readonly source: string;
  readonly receivedAt: string;
  /** Where in the delivery: body index and, inside an array, element index. */
  readonly at: string;
  /** One sentence for a person: what is wrong. */
  readonly reason: string;
  /** The piece itself as text; in base64 behind `base64:` where it is not valid UTF-8. */
  readonly raw: string;
}
