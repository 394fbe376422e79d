import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { membersOf } from './plugin-schema.js';

/** What narrows a text to certain ones, so that not any can stand there. */
const NARROWING = ['pattern', 'enum', 'const', 'format'];

/**
 * Parameters with another text wherever the schema takes any text. Members that the example leaves out stay out.
 * Undefined when there is no such place.
 */
export function fillTexts(schema: JsonObject, example: JsonObject, text: string): JsonObject | undefined {
  const fillable = membersOf(schema).filter(([name]) => Object.hasOwn(example, name));
  const filled = fillable.flatMap(([name, member]) => {
    const value = filledValue(member, example[name], text);
    return value === undefined ? [] : [[name, value] as const];
  });
  return filled.length === 0 ? undefined : { ...example, ...Object.fromEntries(filled) };
}

function filledValue(schema: JsonObject, value: unknown, text: string): unknown {
  if (typeof value === 'string') return NARROWING.some((word) => word in schema) ? undefined : text;
  if (isJsonObject(value)) return fillTexts(schema, value, text);
  const { items } = schema;
  if (!Array.isArray(value) || !isJsonObject(items)) return undefined;
  const filled = value.map((item) => filledValue(items, item, text));
  return filled.includes(undefined) ? undefined : filled;
}
