import { isJsonObject } from '../../contracts/json.js';

/** Fields of which a neighbour in an `all` already says that they are there. */
export type Guards = ReadonlySet<string>;

export const NO_GUARDS: Guards = new Set();

/** The guards plus those among the members of an `all`. */
export function withGuards(guards: Guards, members: readonly unknown[]): Guards {
  const found = members.filter(isJsonObject).filter(isGuard).map(fieldKey);
  return found.length === 0 ? guards : new Set([...guards, ...found]);
}

export function fieldKey({ fact, path }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([fact, path]);
}

function isGuard({ operator, value }: Readonly<Record<string, unknown>>): boolean {
  return (operator === 'exists' && value === true) || (operator === 'isEmpty' && value === false);
}
