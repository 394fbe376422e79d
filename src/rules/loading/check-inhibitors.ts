import { nearest } from '../../contracts/nearest.js';
import type { RuleFile } from '../rule-schema.js';
import type { CheckContext, Checked } from './check-context.js';
import { checkDuration, LONGEST_WAIT_DAYS } from './check-duration.js';
import { checkPer } from './check-per.js';
import { goesBeyond } from './known-facts.js';
import { inhibitorsIn, type GivenInhibitor } from './inhibitors.js';
import { error, type Finding, type Problem } from './problem.js';

/** Checks `inhibitedBy`: that each other rule and each shared condition that it names is there. */
export function checkInhibitors(checked: Checked, ruleId: string, given: RuleFile['inhibitedBy']): Problem[] {
  if (given === undefined) return [];
  return inhibitorsIn(given).flatMap((inhibitor) => checkInhibitor(checked, ruleId, inhibitor));
}

function checkInhibitor(checked: Checked, ruleId: string, { given, at }: GivenInhibitor): Problem[] {
  const { document, context } = checked;
  if (typeof given === 'string') {
    const finding = textFinding(context, ruleId, given);
    return finding === undefined ? [] : [document.at(at, finding)];
  }
  const { rule, condition, within, per } = given;
  if (condition !== undefined) {
    const finding = conditionFinding(context, condition);
    const needless = ['rule', 'within', 'per'].filter((word) => Object.hasOwn(given, word));
    return [
      ...(finding === undefined ? [] : [document.at([...at, 'condition'], finding)]),
      ...needless.map((word) => document.atName([...at, word], besideCondition(word))),
    ];
  }
  const finding = ruleFinding(context, ruleId, rule ?? '');
  return [
    ...(finding === undefined ? [] : [document.at([...at, 'rule'], finding)]),
    ...(within === undefined ? [] : checkDuration(checked, within, [...at, 'within'], LONGEST_WAIT_DAYS)),
    ...(per === undefined ? [] : checkPer(checked, per, [...at, 'per'])),
  ];
}

function besideCondition(word: string): Finding {
  const message = `"${word}" cannot stand beside "condition", which mutes the rule just while it holds`;
  return error('inhibitor.needless', message);
}

function ruleFinding({ ruleIds }: CheckContext, ruleId: string, id: string): Finding | undefined {
  if (id === ruleId) {
    return error('inhibitor.itself', 'a rule cannot mute itself: for that there is "throttle"');
  }
  if (ruleIds.has(id)) return undefined;
  return error('inhibitor.unknown', `there is no rule "${id}"`, nearest(id, othersThan(ruleId, ruleIds)));
}

function conditionFinding(context: CheckContext, name: string): Finding | undefined {
  const { conditions, brokenConditions, beyondEvent } = context;
  if (brokenConditions?.has(name) === true) {
    return error('condition.broken', `the shared condition "${name}" has errors itself`);
  }
  const fact = beyondEvent?.get(name);
  if (fact !== undefined) return error('condition.beyond-event', goesBeyond('inhibitedBy', name, fact));
  if (conditions.has(name)) return undefined;
  return error('condition.unknown', `there is no shared condition "${name}"`, nearest(name, conditions));
}

function textFinding(context: CheckContext, ruleId: string, text: string): Finding | undefined {
  const { ruleIds, conditions } = context;
  if (ruleIds.has(text) && conditions.has(text)) {
    const message = `"${text}" is both a rule and a shared condition: write { "rule": "${text}" } or { "condition": "${text}" }`;
    return error('inhibitor.ambiguous', message);
  }
  if (conditions.has(text)) return conditionFinding(context, text);
  if (ruleIds.has(text) || text === ruleId) return ruleFinding(context, ruleId, text);
  const suggestion = nearest(text, [...othersThan(ruleId, ruleIds), ...conditions]);
  return error('inhibitor.unknown', `there is no rule and no shared condition "${text}"`, suggestion);
}

function othersThan(ruleId: string, ruleIds: ReadonlySet<string>): string[] {
  return [...ruleIds].filter((id) => id !== ruleId);
}
