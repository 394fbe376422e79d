import type { TSchema } from '@sinclair/typebox';
import type { DestinationKind } from './connections.js';

/**
 * Where a rendered text lands, and so how the values inside it are escaped. Annotates string members of an action's
 * parameter schema: `Type.String({ landing: 'slack' })`. Strings without it are plain text.
 */
export type Landing = 'slack' | 'html' | 'header' | 'text';

/** What rules know of an action: its parameters and which connections it can go to. */
export interface ActionSchema {
  readonly type: string;
  readonly destination: DestinationKind;
  /** JSON Schema of `params` as an author writes them, templates included. */
  readonly params: TSchema;
  /** One sentence for the generated reference. */
  readonly description: string;
}
