import type { JsonObject } from './json.js';

/** People of one instance of whom something is to be known. */
export interface WantedLeads {
  readonly munchkinId: string;
  readonly leadIds: readonly string[];
  /** Names of fields as rules write them: display names or REST names. */
  readonly fields: readonly string[];
}

/** What Marketo knows of a person. */
export type LookedUp =
  /** By the names as they were asked; null for a field that is empty, or that the instance does not have. */
  | { readonly kind: 'found'; readonly fields: JsonObject }
  /** Marketo knows nobody of this id. */
  | { readonly kind: 'absent' }
  /** Nobody can be asked: there is no connection to the instance, or looking up is switched off. */
  | { readonly kind: 'nobody' }
  /** `reason`: a sentence for people. `retryAt`: epoch milliseconds. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAt: number };
