import { hash } from 'node:crypto';
import type { Rule } from '../rule.js';
import { problemOf, warning, type Position, type Problem } from './problem.js';

/** What a rule does when, an entry an action, so that another rule that does the same is known by it. */
export interface Deeds {
  readonly ruleId: string;
  readonly actions: readonly { readonly key: string; readonly place: Position }[];
}

/** @param places where the actions stand in the rule's file */
export function deedsOf(rule: Rule, places: readonly Position[]): Deeds {
  const { id, mode, every } = rule;
  // A timetable is of its rule alone, and its condition names the rule.
  if (mode !== 'live' || every !== undefined) return { ruleId: id, actions: [] };
  const when = JSON.stringify(whenOf(rule));
  const actions = places.map((place, index) => {
    const { type, params } = rule.actions[index] ?? {};
    return { key: hash('sha256', when + JSON.stringify([type, params]), 'base64url'), place };
  });
  return { ruleId: id, actions };
}

/** All that decides whether a rule acts, and when. */
function whenOf({ on, conditions, then, unless, throttle, group, activeHours, ...rule }: Rule): unknown {
  const { inhibitedBy, expires, timeZone } = rule;
  const flow = [then, unless, throttle, group, activeHours, inhibitedBy, expires, timeZone];
  return [[...on].sort(), conditions, flow];
}

/** Warns of live rules that differ in nothing but their names and words and act alike: what they do is done twice. */
export function doubledActions(rules: ReadonlyMap<string, Deeds>): Problem[] {
  const first = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [file, { ruleId, actions }] of rules) {
    for (const { key, place } of actions) {
      const by = first.get(key);
      if (by === undefined) first.set(key, ruleId);
      if (by === undefined || by === ruleId) continue;
      const message = `the rule "${by}" does the same on the same events: it would be done twice`;
      problems.push(problemOf(file, warning('action.doubled', message), place));
    }
  }
  return problems;
}
