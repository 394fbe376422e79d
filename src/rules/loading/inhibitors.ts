import { parseDuration } from '../../contracts/duration.js';
import type { RuleFile } from '../rule-schema.js';
import type { Inhibition } from '../rule.js';
import type { CheckContext } from './check-context.js';
import { textsOf } from './texts-of.js';
import type { Path } from './jsonc-document.js';

type Given = NonNullable<RuleFile['inhibitedBy']>;

/** An entry of `inhibitedBy`, and where it stands. */
export interface GivenInhibitor {
  readonly given: string | Exclude<Given, string | readonly unknown[]>;
  readonly at: Path;
}

const HOUR_MS = 3_600_000;

export function inhibitorsIn(inhibitedBy: Given): GivenInhibitor[] {
  if (!Array.isArray(inhibitedBy)) return [{ given: inhibitedBy, at: ['inhibitedBy'] }];
  return inhibitedBy.map((given, index) => ({ given, at: ['inhibitedBy', index] }));
}

/** What an entry that was found good means. A text alone is the id of a rule, or else the name of a shared condition. */
export function inhibitionOf({ given }: GivenInhibitor, { ruleIds }: CheckContext): Inhibition {
  const { rule, condition, within, per } =
    typeof given !== 'string' ? given : ruleIds.has(given) ? { rule: given } : { condition: given };
  if (rule === undefined) return { condition: condition ?? '' };
  const withinMs = within === undefined ? undefined : parseDuration(within);
  return { rule, withinMs: withinMs ?? HOUR_MS, per: textsOf(per ?? []) };
}
