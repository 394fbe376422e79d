import { isDeepStrictEqual } from 'node:util';
import type { DecisionOutcome } from '../../contracts/decision.js';
import type { Effect } from '../../contracts/effect.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';

/** An effect that a test expects: its action, and as much of its parameters as matters. */
export interface ExpectedEffect {
  readonly action: string;
  readonly params?: JsonObject | undefined;
  /** When it acts, RFC 3339. */
  readonly at?: string | undefined;
}

/** One sentence for each difference between the effects that were expected and those that came, in order. */
export function differences(expected: readonly ExpectedEffect[], effects: readonly Effect[]): string[] {
  const length = Math.max(expected.length, effects.length);
  return Array.from({ length }, (_, index) => {
    const [wanted, effect] = [expected[index], effects[index]];
    const place = `effect ${index + 1}`;
    if (wanted === undefined)
      return effect === undefined ? [] : [`${place}: not expected, but came: ${summary(effect)}`];
    if (effect === undefined) return [`${place}: expected ${wanted.action}, but nothing came`];
    if (wanted.action !== effect.type)
      return [`${place}: expected ${wanted.action}, but came: ${summary(effect)}`];
    return [
      ...mismatches(wanted.params ?? {}, { to: effect.to, ...effect.params }, `${place}: ${wanted.action} `),
      ...timeMismatch(wanted, effect, place),
    ];
  }).flat();
}

/** One sentence when something else became of the rule than was expected, in order; nothing when all was as expected. */
export function outcomeDifferences(
  expected: readonly DecisionOutcome[] | undefined,
  outcomes: readonly DecisionOutcome[],
): string[] {
  if (expected === undefined || isDeepStrictEqual(expected, outcomes)) return [];
  return [`outcomes should be ${JSON.stringify(expected)}, but are ${JSON.stringify(outcomes)}`];
}

function timeMismatch({ action, at }: ExpectedEffect, { decidedAt }: Effect, place: string): string[] {
  if (at === undefined || Date.parse(at) === Date.parse(decidedAt)) return [];
  return [`${place}: ${action} should come at ${at}, but comes at ${decidedAt}`];
}

/** `slack to ops {"text":"…"}` */
export function summary({ type, to, params }: Effect): string {
  const others = Object.entries(params).filter(([name]) => name !== 'to');
  return `${type} to ${to} ${JSON.stringify(Object.fromEntries(others))}`;
}

/** Objects need only hold the expected members; everything else must be equal. */
function mismatches(expected: unknown, actual: unknown, path: string): string[] {
  if (isJsonObject(expected) && isJsonObject(actual)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      mismatches(
        value,
        Object.hasOwn(actual, name) ? actual[name] : undefined,
        `${path}.${name}`.replace(' .', ' '),
      ),
    );
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((value, index) => mismatches(value, actual[index], `${path}[${index}]`));
  }
  if (expected === actual) return [];
  return [
    `${path} should be ${JSON.stringify(expected)}, but is ${actual === undefined ? 'missing' : JSON.stringify(actual)}`,
  ];
}
