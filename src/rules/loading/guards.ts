import { isJsonObject } from '../../contracts/json.js';

/** Fields of which a neighbour in an `all` already says that they are there. */
export type Guards = ReadonlySet<string>;

export const NO_GUARDS: Guards = new Set();

/** The guards plus those among the members of an `all`. */
export function withGuards(guards: Guards, members: readonly unknown[]): Guards {
  const found = members.filter(isJsonObject).filter(isGuard).map(fieldKey);
  return found.length === 0 ? guards : new Set([...guards, ...found]);
}

/** The same for two conditions that look at the same: one fact, one path, one question to memory. */
export function fieldKey({ fact, path, params }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([fact, path, params]);
}

function isGuard({ operator, value }: Readonly<Record<string, unknown>>): boolean {
  return (operator === 'exists' && value === true) || (operator === 'isEmpty' && value === false);
}
