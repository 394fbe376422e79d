import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { isFactReference } from '../engine/condition.js';
import { isMeasure } from '../memory/stateful-facts.js';
import { beyondEvent } from './known-facts.js';

/** What stands inside a condition, whatever a file holds; not `where`, which is about other events. */
function membersOf({ all, any, not, value }: JsonObject): unknown[] {
  const listed = [all, any].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
  return [...listed, not, ...(isFactReference(value) ? [value] : [])];
}

/** Names of the shared conditions that a conditions object refers to, directly. */
export function referencesIn(node: unknown): string[] {
  if (!isJsonObject(node)) return [];
  const { condition, params } = node;
  const own = typeof condition === 'string' ? [condition] : [];
  const where = isJsonObject(params) ? params['where'] : undefined;
  return [...own, ...[...membersOf(node), where].flatMap(referencesIn)];
}

/** The first fact in a conditions object, without what it refers to, that an event alone cannot answer. */
function factBeyondEvent(node: unknown): string | undefined {
  if (!isJsonObject(node)) return undefined;
  const { fact } = node;
  if (typeof fact === 'string' && beyondEvent(fact) !== undefined) return fact;
  for (const inner of membersOf(node)) {
    const found = factBeyondEvent(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of shared conditions by name: those that an event alone cannot answer, each with the fact that is in the way. */
export function conditionsBeyondEvent(conditions: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
  const beyond = new Map<string, string>();
  let size: number;
  do {
    size = beyond.size;
    for (const [name, node] of conditions) {
      const fact =
        factBeyondEvent(node) ??
        referencesIn(node)
          .map((other) => beyond.get(other))
          .find((each) => each !== undefined);
      if (fact !== undefined) beyond.set(name, fact);
    }
  } while (beyond.size > size);
  return beyond;
}

/**
 * The names by which texts can say what the facts that remember came to: that of the condition, or else of the fact.
 *
 * @param shared such names of the shared conditions that the conditions may refer to
 */
export function factNamesIn(node: unknown, shared: FactNames = NO_NAMES): readonly string[] {
  if (!isJsonObject(node)) return [];
  const { fact, name, condition } = node;
  const own = typeof fact === 'string' && isMeasure(fact) ? [typeof name === 'string' ? name : fact] : [];
  const referred = typeof condition === 'string' ? (shared.get(condition) ?? []) : [];
  return [...own, ...referred, ...membersOf(node).flatMap((inner) => factNamesIn(inner, shared))];
}

/** By shared condition. */
export type FactNames = ReadonlyMap<string, readonly string[]>;

const NO_NAMES: FactNames = new Map();

/** Those of shared conditions, with all that they refer to in turn. */
export function factNamesOf(conditions: ReadonlyMap<string, unknown>): FactNames {
  const own = new Map([...conditions].map(([name, node]) => [name, factNamesIn(node)]));
  return new Map([...conditions.keys()].map((name) => [name, namesFrom(name, conditions, own)]));
}

function namesFrom(start: string, conditions: ReadonlyMap<string, unknown>, own: FactNames): string[] {
  const reached = new Set([start]);
  for (const name of reached) for (const next of referencesIn(conditions.get(name))) reached.add(next);
  return [...new Set([...reached].flatMap((name) => own.get(name) ?? []))];
}
