import type { JsonObject } from '../../../contracts/json.js';
import type { Fit } from './texts.js';

/** What is read of the schema of a block. */
export interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly fit?: Fit;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Node;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  /** Of an object with `properties`: which of them it needs; otherwise what may stand there, told apart by `type`. */
  readonly anyOf?: readonly Node[];
}

/** The part of a schema that is for this object; undefined when its `type` is none of those that may stand there. */
export function meantBy({ type }: JsonObject, schema: Node): Node | undefined {
  if (schema.properties !== undefined || schema.anyOf === undefined) return schema;
  return schema.anyOf.find((branch) => branch.properties?.['type']?.const === type);
}
