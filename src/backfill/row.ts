import type { JsonObject } from '../contracts/json.js';

/** One event of a file, by what it looks like. */
export interface Piece {
  /**
   * `activity`: as Marketo's direct push or its REST API writes it, with `munchkinId` added; `adobe`: an item of an Adobe
   * I/O delivery; `event`: a CloudEvent of any other system.
   */
  readonly shape: 'activity' | 'adobe' | 'event';
  readonly value: JsonObject;
}

/** What a row or line says: its events, or why it says nothing. */
export type Said = { readonly pieces: readonly Piece[] } | { readonly reason: string };

/** A row or line of a file. */
export interface Row {
  /** Of the file, from 1; where it begins when it goes over several. */
  readonly line: number;
  /** Its text. */
  readonly raw: string;
  readonly said: Said;
}
