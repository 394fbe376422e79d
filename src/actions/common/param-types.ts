import { Type, type TSchema } from '@sinclair/typebox';
import type { Landing } from '../../contracts/action-kind.js';

/** `to`: the name of a connection. Names are plain words, so a raw URL is refused at load. */
export function connectionName(description: string) {
  return Type.String({ description, pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$' });
}

/** A text with templates, whose values are escaped for where it lands. */
export function template(landing: Landing, description: string) {
  return Type.String({ description, landing, minLength: 1 });
}

/** A positive id as a number, or as text that is digits once it is rendered. */
export function idOrTemplate(description: string) {
  return Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^\\s*\\d+\\s*$|\\{\\{' })], {
    description,
  });
}

/** A whole number, negative ones included, or text that is one once it is rendered. */
export function integerOrTemplate(description: string) {
  return Type.Union([Type.Integer(), Type.String({ pattern: '^\\s*[+-]?\\d+\\s*$|\\{\\{' })], {
    description,
  });
}

/** Keyword for an object schema: at least one of these members must be there. */
export function atLeastOneOf(...members: readonly string[]): { anyOf: TSchema[] } {
  return { anyOf: members.map((member) => ({ required: [member] }) as unknown as TSchema) };
}
