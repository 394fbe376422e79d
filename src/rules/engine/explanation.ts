export type Verdict =
  | 'matched'
  | 'not-matched'
  /** The event's type is not among the rule's `on`; the conditions are explained all the same. */
  | 'other-type'
  /** A condition could not be evaluated; the rule counts as not matching. */
  | 'errored';

/** One condition and how it came out. `result` undefined: it was not reached, its group was decided before. */
export type ExplainedCondition =
  | {
      readonly kind: 'all' | 'any' | 'not';
      readonly name?: string;
      readonly result: boolean | undefined;
      readonly conditions: readonly ExplainedCondition[];
    }
  | {
      /** A shared condition, with what it stands for as its only member. */
      readonly kind: 'shared';
      readonly reference: string;
      readonly result: boolean | undefined;
      readonly conditions: readonly ExplainedCondition[];
    }
  | {
      readonly kind: 'test';
      readonly name?: string;
      readonly fact: string;
      readonly path?: string;
      /** Of a stateful fact: what is asked, such as `per leadId within 10m`. */
      readonly question?: string;
      readonly operator: string;
      readonly expected: unknown;
      /** Where the expected value was read, when it is a fact itself. */
      readonly expectedFrom?: { readonly fact: string; readonly path?: string };
      /** What the fact was; undefined when missing. */
      readonly actual: unknown;
      /** The fact was never asked for, because other conditions had settled the rule. */
      readonly isUnasked?: boolean;
      readonly result: boolean | undefined;
    };

/** Why one rule did or did not match one event. */
export interface Explanation {
  readonly ruleId: string;
  readonly ruleVersion: string;
  readonly eventId: string;
  readonly type: string;
  readonly on: readonly string[];
  readonly verdict: Verdict;
  /** Missing when the rule errored. */
  readonly conditions?: ExplainedCondition;
  readonly error?: string;
}

const LONGEST_VALUE = 120;

const HEADLINES: Readonly<Record<Verdict, string>> = {
  matched: '✓ matched',
  'not-matched': '✗ not matched',
  'other-type': '✗ type does not match',
  errored: '✗ could not be evaluated',
};

/** The explanation for people, a line a condition: `✗ lead $.state isEmpty true — was "CA"`. */
export function explanationLines({ verdict, type, on, conditions, error }: Explanation): string[] {
  const more = verdict === 'other-type' ? `: ${type} is not among ${on.join(', ')}` : '';
  return [
    HEADLINES[verdict] + more,
    ...(error === undefined ? [] : [`  ${error}`]),
    ...(conditions === undefined ? [] : conditionLines(conditions, '  ')),
  ];
}

function conditionLines(condition: ExplainedCondition, indent: string): string[] {
  const sign = condition.result === undefined ? '·' : condition.result ? '✓' : '✗';
  const head = `${indent}${sign} ${headOf(condition)}`;
  if (condition.kind === 'test') return [head];
  return [head, ...condition.conditions.flatMap((member) => conditionLines(member, `${indent}  `))];
}

function headOf(condition: ExplainedCondition): string {
  if (condition.kind === 'shared') return `condition ${condition.reference}`;
  const name = condition.name === undefined ? '' : `${condition.name}: `;
  if (condition.kind !== 'test') return `${name}${condition.kind}`;
  const { fact, path, question, operator, expected, expectedFrom, actual, isUnasked, result } = condition;
  const source = expectedFrom === undefined ? '' : `${place(expectedFrom)} = `;
  const asked = question === undefined ? '' : ` ${question}`;
  const test = `${place({ fact, path })}${asked} ${operator} ${source}${shown(expected)}`;
  return `${name}${test} — ${result === undefined ? 'not reached' : isUnasked === true ? 'not asked' : `was ${shown(actual)}`}`;
}

function place({ fact, path }: { readonly fact: string; readonly path?: string | undefined }): string {
  return path === undefined ? fact : `${fact} ${path}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
