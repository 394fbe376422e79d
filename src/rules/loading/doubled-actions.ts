import type { Rule } from '../rule.js';

/** An action that another rule does as well, on the same events and under the same conditions. */
export interface DoubledAction {
  readonly ruleId: string;
  /** Place of the action in its rule. */
  readonly index: number;
  /** Id of the rule that comes first. */
  readonly by: string;
}

/** Finds live rules that differ in nothing but their names and words and act alike: what they do is done twice. */
export function doubledActions(rules: Iterable<Rule>): DoubledAction[] {
  const first = new Map<string, string>();
  const doubled: DoubledAction[] = [];
  for (const rule of rules) {
    // A timetable is of its rule alone, and its condition names the rule.
    if (rule.mode !== 'live' || rule.every !== undefined) continue;
    const when = whenOf(rule);
    for (const [index, { type, params }] of rule.actions.entries()) {
      const key = `${when}${JSON.stringify([type, params])}`;
      const by = first.get(key);
      if (by === undefined) first.set(key, rule.id);
      else if (by !== rule.id) doubled.push({ ruleId: rule.id, index, by });
    }
  }
  return doubled;
}

/** All that decides whether a rule acts, and when. */
function whenOf({ on, conditions, then, unless, throttle, group, activeHours, ...rule }: Rule): string {
  const { inhibitedBy, expires, timeZone } = rule;
  const flow = [then, unless, throttle, group, activeHours, inhibitedBy, expires, timeZone];
  return JSON.stringify([[...on].sort(), conditions, flow.map((each) => each ?? null)]);
}
