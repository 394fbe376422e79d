import { isJsonObject } from '../../contracts/json.js';
import { isFactReference } from '../engine/condition.js';
import type { Lists, Predicate } from '../engine/operator.js';
import { findOperator, OPERATORS } from '../engine/operators.js';
import type { Checked } from './check-context.js';
import { fieldKey } from './guards.js';
import type { Path } from './jsonc-document.js';
import { warning, type Problem } from './problem.js';
import { NOTHING } from './no-event.js';

/** A comparison of a field with what stands in the rule. */
interface Comparison {
  readonly index: number;
  readonly operator: string;
  readonly value: unknown;
}

/** Warns where comparisons in one `all` exclude each other, so that it can never hold. `at` leads to the list. */
export function contradictions(checked: Checked, members: readonly unknown[], at: Path): Problem[] {
  const byField = new Map<string, Comparison[]>();
  for (const [index, member] of members.entries()) {
    if (!isJsonObject(member) || typeof member['operator'] !== 'string') continue;
    const { operator, value } = member;
    const key = fieldKey(member);
    byField.set(key, [...(byField.get(key) ?? []), { index, operator, value }]);
  }
  const excluding = [...byField.values()].filter((each) => excludeEachOther(each, checked.context.lists));
  return excluding.map((comparisons) => {
    const last = comparisons.at(-1)?.index ?? 0;
    const others = comparisons.slice(0, -1).map(({ index }) => index + 1);
    const message = `this and ${numbered(others)} of the same "all" exclude each other, so it never holds`;
    return checked.document.at([...at, last], warning('condition.contradiction', message));
  });
}

function numbered(numbers: readonly number[]): string {
  return `condition${numbers.length === 1 ? '' : 's'} ${numbers.join(' and ')}`;
}

function excludeEachOther(comparisons: readonly Comparison[], lists: Lists): boolean {
  if (comparisons.length < 2) return false;
  const possible = comparisons.map(valuesOf).find((values) => values !== undefined);
  if (possible === undefined) return isEmptyRange(comparisons);
  const predicates = comparisons.flatMap((each) => predicateOf(each, lists) ?? []);
  return !possible.some((value) => predicates.every((holds) => holds(value, NOTHING)));
}

/** Undefined for what depends on the time of the event, may throw, is wrong by itself, or compares with another fact. */
function predicateOf({ operator: name, value }: Comparison, lists: Lists): Predicate | undefined {
  const operator = findOperator(name);
  const base = OPERATORS.get(name.slice(name.lastIndexOf(':') + 1));
  if (operator === undefined || base?.value === 'duration' || isFactReference(value)) return undefined;
  const isUnfit = operator.mayThrow?.(value) === true || operator.problem?.(value, lists) !== undefined;
  return isUnfit ? undefined : operator.bind(value, lists);
}

/** The values of which the field must be one. */
function valuesOf({ operator, value }: Comparison): readonly unknown[] | undefined {
  if (operator === 'equal') return isFactReference(value) ? undefined : [value];
  return operator === 'in' && Array.isArray(value) ? value : undefined;
}

function isEmptyRange(comparisons: readonly Comparison[]): boolean {
  const limits = comparisons.filter((each): each is Comparison & { value: number } =>
    Number.isFinite(each.value),
  );
  const lowest = limits.filter(({ operator }) => operator.startsWith('greaterThan'));
  const highest = limits.filter(({ operator }) => operator.startsWith('lessThan'));
  return lowest.some((low) =>
    highest.some((high) =>
      low.operator.endsWith('Inclusive') && high.operator.endsWith('Inclusive')
        ? low.value > high.value
        : low.value >= high.value,
    ),
  );
}
