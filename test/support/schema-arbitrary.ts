import type { TSchema } from '@sinclair/typebox';
import fc, { type Arbitrary } from 'fast-check';

const MOST_ITEMS = 3;

/** What is looked at of a schema. */
export interface Node {
  readonly [keyword: string]: unknown;
  readonly type?: string;
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Node[];
}

/** Values of a schema's shape; `texts` makes its texts. Lists stay as short as they may be, or of three items. */
export function valuesOf(schema: TSchema, texts: (schema: Node) => Arbitrary<string>): Arbitrary<unknown> {
  const known = new WeakMap<Node, Arbitrary<unknown>>();
  const of = (node: Node): Arbitrary<unknown> => {
    const made = known.get(node) ?? make(node);
    known.set(node, made);
    return made;
  };
  const make = (node: Node): Arbitrary<unknown> => {
    if (node.const !== undefined) return fc.constant(node.const);
    if (node.properties === undefined && node.anyOf !== undefined) return fc.oneof(...node.anyOf.map(of));
    switch (node.type) {
      case 'string':
        return texts(node);
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.integer({ min: node.minimum ?? -9, max: node.maximum ?? 1_000 });
      case 'number':
        return fc.double({ noNaN: true, noDefaultInfinity: true });
      case 'array': {
        const minLength = node.minItems ?? 0;
        const maxLength = Math.min(node.maxItems ?? Infinity, Math.max(minLength, MOST_ITEMS));
        return fc.array(of(node.items ?? {}), { minLength, maxLength });
      }
      default:
        return objectOf(node);
    }
  };
  const objectOf = ({ properties = {}, required = [], anyOf = [] }: Node): Arbitrary<unknown> => {
    const members = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, of(each)]));
    // One of these, whichever, makes the object whole.
    const either = fc.constantFrom(...(anyOf.length === 0 ? [{ required: [] }] : anyOf));
    return either.chain(({ required: chosen = [] }) =>
      fc.record(members, { requiredKeys: [...required, ...chosen] }),
    );
  };
  return of(schema);
}
