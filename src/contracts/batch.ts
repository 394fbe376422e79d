/** What speaks behind a source. `signalman` is the engine itself, which tells its rules what it noticed. */
export const SOURCE_KINDS = ['adobe', 'marketo', 'events', 'webhook', 'signalman'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Those that a connections file can name, each with a door of its own. */
export type DoorKind = Exclude<SourceKind, 'signalman'>;

/** The name under which the engine's own events come. No connection may have it. */
export const OWN_SOURCE = 'signalman';

/**
 * How a batch came: pushed to a door, pulled from Adobe's journal, read from a file, or made by the engine itself.
 * Adobe's journal wraps each event, so its bodies have a shape of their own.
 */
export const ROUTES = ['webhook', 'journal', 'import', 'engine'] as const;
export type Route = (typeof ROUTES)[number];

/** `history`: it is remembered and counted, and no rule acts on it. */
export const MODES = ['live', 'history'] as const;
export type Mode = (typeof MODES)[number];

/** What one request brought, or several single events that came together. */
export interface RawBatch {
  /** Name of the source in the connections file. */
  readonly source: string;
  readonly kind: SourceKind;
  readonly route: Route;
  readonly mode: Mode;
  /** The catch-up or import that it is part of, for whoever watches its progress. */
  readonly run?: string;
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
