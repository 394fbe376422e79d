import type { Profile, SeriesLog, SeriesShape } from '../../contracts/memory.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import type { SubjectOf } from './subject.js';

/** What is known of a person from Marketo itself. */
export type LookedUp =
  | { readonly kind: 'found'; readonly fields: Profile }
  /** Marketo knows nobody of this id. */
  | { readonly kind: 'absent' }
  /** Nobody can be asked: no connection for the instance. What is missing is missing. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** What is known beside an event, for one look at it. What was not asked for is left out. */
export interface Knowledge {
  /** By id of the series, as they stood right after the event. */
  readonly logs?: ReadonlyMap<string, SeriesLog>;
  readonly profile?: Profile;
  readonly lookedUp?: LookedUp;
  readonly usage?: unknown;
}

/** A series that some rule asks for, ready to be noted and asked. */
export interface CompiledSeries {
  readonly shape: SeriesShape;
  readonly subjectOf: SubjectOf;
  /** What is noted with an event; undefined when the series keeps times, or the event has no such member. */
  readonly valueOf: (event: CanonicalEvent) => number | string | undefined;
}

/** What has to be known to settle the rules that an event alone does not settle. */
export interface Needs {
  readonly series: readonly CompiledSeries[];
  /** Names of lead fields, as rules write them, that the event itself does not tell. */
  readonly leadFields: readonly string[];
  readonly usage: boolean;
}
