import type { DecisionOutcome } from '../../contracts/decision.js';
import { explain, type SharedSources } from '../engine/explain.js';
import { explanationLines, type Explanation } from '../engine/explanation.js';
import type { FactScope } from '../engine/facts.js';
import type { Outcome } from '../outcome.js';
import type { Rule } from '../rule.js';
import { summary } from './compare.js';

/** One rule and one event of a trial. */
export interface TrialQuestion {
  readonly rule: Rule;
  /** The event, with what was known of it. */
  readonly scope: FactScope;
  readonly sources: SharedSources;
  /** What came of it, one after the other; nothing when the rule did not match. */
  readonly outcomes: readonly Outcome[];
}

/** What a rule makes of an event and why, as lines for people; the first one is the verdict. */
export async function explainOutcome({ rule, scope, sources, outcomes }: TrialQuestion): Promise<string[]> {
  const [first, ...later] = outcomes;
  if (first === undefined)
    return rule.mode === 'off' ? ['is off'] : reasonsOf(await explain(rule, scope, sources));
  return [...linesOf(first), ...later.flatMap((each) => thenLines(linesOf(each)))];
}

function thenLines([verdict = '', ...effects]: readonly string[]): string[] {
  return [`then ${verdict}`, ...effects];
}

function linesOf({ outcome, reason, until, effects }: Outcome): string[] {
  if (outcome === 'fired')
    return [because('fires', reason), ...effects.map((effect) => `  ${summary(effect)}`)];
  if (outcome === 'shadow')
    return ['is in shadow mode and would do', ...effects.map((effect) => `  ${summary(effect)}`)];
  return [because(`${VERDICTS[outcome]}${until === undefined ? '' : ` until ${until}`}`, reason)];
}

function because(verdict: string, reason: string | undefined): string {
  return reason === undefined ? verdict : `${verdict}: ${reason}`;
}

const VERDICTS: Readonly<Record<Exclude<DecisionOutcome, 'fired' | 'shadow'>, string>> = {
  waiting: 'matches and waits',
  followed: 'does nothing',
  throttled: 'matches, but is held back by its throttle',
  grouped: 'matches and is collected',
  deferred: 'matches and is put off',
  'outside-hours': 'matches, but does nothing',
  silenced: 'matches, but is silenced',
  inhibited: 'matches, but is muted',
  'own-write': 'matches, but the rule wrote this itself',
  looped: 'matches, but would go on with a loop',
  held: 'matches, but is held',
  expired: 'matches, but is over',
  undecided: 'cannot be judged yet',
  failed: 'fails',
};

/** The sign at the head of a verdict is for lines that stand alone; conditions say nothing about another type. */
function reasonsOf(explanation: Explanation): string[] {
  const [verdict = '', ...reasons] = explanationLines(explanation);
  return [verdict.replace(/^[✓✗] /, ''), ...(explanation.verdict === 'other-type' ? [] : reasons)];
}
