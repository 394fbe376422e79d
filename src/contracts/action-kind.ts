import type { TSchema } from '@sinclair/typebox';
import type { Destination, DestinationKind, OwnDestination } from './connections.js';
import type { CanonicalEvent } from './event.js';
import type { JsonObject } from './json.js';
import type { OwnWrites } from './own-write.js';

/**
 * Where a rendered text lands, and so how the values inside it are escaped. Annotates string members of an action's
 * parameter schema: `Type.String({ landing: 'slack' })`. On an object or array it holds for every string inside.
 * Strings without it are plain text. Where `keepsType: true` stands beside it, a text that is one template and nothing
 * else becomes the value itself: a number stays a number, a list a list, and what is missing is `null`.
 */
export type Landing = 'slack' | 'markdown' | 'html' | 'header' | 'text';

/**
 * What such a schema says of rendering alone, and no validator or editor has a use for. `inside` is a schema of what lies
 * deeper than they look, for the landings in it.
 */
export const RENDERING_KEYWORDS: readonly string[] = ['landing', 'keepsType', 'inside'];

/** The kind of connection that an action goes to, or the engine itself, which `to` does not name. */
export type ActionTarget = DestinationKind | OwnDestination['kind'];

/** What rules know of an action: its parameters and which connections it can go to. */
export interface ActionSchema {
  readonly type: string;
  readonly destination: ActionTarget;
  /** JSON Schema of `params` as an author writes them, templates included. */
  readonly params: TSchema;
  /** One sentence for the generated reference. */
  readonly description: string;
  /**
   * Parameters that the judge adds where the author left them out, already rendered. Pure: an effect carries
   * nothing of its event but what its parameters say.
   */
  readonly defaults?: (event: CanonicalEvent, rule: RuleLabel) => JsonObject;
  /** `params` without `to`, for the reference; it has examples of its own for the kinds that are built in. */
  readonly example?: JsonObject;
  /** A plug-in's alone: its target recognises a repeat. */
  readonly repeatable?: boolean;
  /** What it writes to leads, so that it is known as ours when it comes back in the stream. */
  readonly writes?: OwnWrites;
  /** What is wrong with parameters that are of the schema's shape, their templates not rendered. */
  readonly check?: (params: JsonObject, destination?: Destination) => readonly ParamsFinding[];
  /** How one that was done is taken back; it cannot be unless given. */
  readonly takeBack?: (done: DoneEffect) => TakeBack;
}

/** Something that is wrong with the parameters of an action. */
export interface ParamsFinding {
  /** Members and indexes that lead to it. */
  readonly path: readonly (string | number)[];
  /** One sentence without its full stop. */
  readonly message: string;
  /** The word that was most likely meant. */
  readonly suggestion?: string;
}

/** What is known of an effect that was done. */
export interface DoneEffect {
  readonly params: JsonObject;
  /** What the action planned before it wrote (`Action.plan`). */
  readonly plan?: JsonObject;
  /** `Receipt.data`. */
  readonly data?: JsonObject;
}

/** The effect that takes another one back, to the same destination; or why nothing can. */
export type TakeBack = { readonly type: string; readonly params: JsonObject } | { readonly cannot: string };

/** What a receiver is told of the rule that acted. */
export interface RuleLabel {
  readonly id: string;
  readonly description: string;
}
