import type { Measurement } from './series-params.js';

/** One question to a series. Two conditions with the same words ask one question. */
export interface Question extends Measurement {
  readonly key: string;
  /** The id of the series. */
  readonly series: string;
}
