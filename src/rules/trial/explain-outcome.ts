import type { CanonicalEvent } from '../../contracts/event.js';
import { explain, type SharedSources } from '../engine/explain.js';
import { explanationLines, type Explanation } from '../engine/explanation.js';
import type { GivenFacts } from '../engine/facts.js';
import type { Outcome } from '../outcome.js';
import type { Rule } from '../rule.js';
import { summary } from './compare.js';

/** One rule and one event of a trial. */
export interface TrialQuestion {
  readonly rule: Rule;
  readonly event: CanonicalEvent;
  readonly sources: SharedSources;
  readonly given?: GivenFacts | undefined;
  /** What came of it; undefined when the rule did not match. */
  readonly outcome: Outcome | undefined;
}

/** What a rule makes of an event and why, as lines for people; the first one is the verdict. */
export async function explainOutcome({
  rule,
  event,
  sources,
  given,
  outcome,
}: TrialQuestion): Promise<string[]> {
  if (outcome === undefined)
    return rule.mode === 'off' ? ['is off'] : reasonsOf(await explain(rule, event, sources, given));
  switch (outcome.outcome) {
    case 'fired':
      return ['fires', ...outcome.effects.map((effect) => `  ${summary(effect)}`)];
    case 'shadow':
      return ['is in shadow mode and would do', ...outcome.effects.map((effect) => `  ${summary(effect)}`)];
    case 'throttled':
      return [`matches, but is held back by its throttle until ${outcome.until ?? ''}`];
    case 'failed':
      return [`fails: ${outcome.reason ?? ''}`];
    default:
      return [`matches: ${outcome.outcome}`];
  }
}

/** The sign at the head of a verdict is for lines that stand alone; conditions say nothing about another type. */
function reasonsOf(explanation: Explanation): string[] {
  const [verdict = '', ...reasons] = explanationLines(explanation);
  return [verdict.replace(/^[✓✗] /, ''), ...(explanation.verdict === 'other-type' ? [] : reasons)];
}
