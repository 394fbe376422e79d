/** The three doors, by what speaks behind them. */
export const SOURCE_KINDS = ['adobe', 'marketo', 'events'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** One request body exactly as received. `base64` is used when the bytes are not valid UTF-8. */
export interface RawBody {
  readonly text: string;
  readonly encoding?: 'base64';
}

/** Payload of a job in the events queue: what one request brought, or several single events that came together. */
export interface RawBatch {
  readonly v: 1;
  /** Name of the source in the connections file. */
  readonly source: string;
  readonly kind: SourceKind;
  /** RFC 3339 in UTC. */
  readonly receivedAt: string;
  readonly bodies: readonly RawBody[];
}

/** A piece of a batch that could not be read as an event. It is kept and shown, never dropped. */
export interface Unreadable {
  readonly source: string;
  readonly receivedAt: string;
  /** Where in the delivery: body index and, inside an array, element index. */
  readonly at: string;
  /** One sentence for a person: what is wrong. */
  readonly reason: string;
  /** The piece itself as text. */
  readonly raw: string;
}
