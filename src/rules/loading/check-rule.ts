import { RuleFile } from '../rule-schema.js';
import type { Rule } from '../rule.js';
import { checkActions, type CheckedActions } from './check-actions.js';
import { checkConditions } from './check-conditions.js';
import type { CheckContext, Checked } from './check-context.js';
import { checkFollowUps } from './check-follow-up.js';
import { checkInhibitors } from './check-inhibitors.js';
import { checkLimit } from './check-limit.js';
import { checkLoops } from './check-loops.js';
import { checkOn } from './check-on.js';
import { checkPace } from './check-pace.js';
import { checkTimes } from './check-times.js';
import { textNamesOf } from './check-uses.js';
import { JsoncDocument } from './jsonc-document.js';
import { error, hasErrors, type Position, type Problem } from './problem.js';
import { ruleOf, SCHEDULE_TYPE } from './rule-of.js';
import { checkShape } from './schema-findings.js';
import { textsOf } from './texts-of.js';

export interface CheckedRule {
  /** Undefined when there is an error. */
  readonly rule?: Rule;
  readonly problems: readonly Problem[];
  /** Where its actions stand in the file; none when there is an error. */
  readonly actionPlaces: readonly Position[];
}

/** Where a rule's text comes from. */
export interface RuleText {
  /** As problems name it: `rules/leads/x.json`. */
  readonly file: string;
  readonly id: string;
  readonly text: string;
}

/** Reads a rule and checks all that can be known before an event comes. Never throws for what a file holds. */
export function checkRule({ file, id, text }: RuleText, context: CheckContext): CheckedRule {
  const document = new JsoncDocument(file, text);
  const { value } = document;
  if (document.problems.length > 0) return refused(document.problems);
  const misshapen = checkShape(document, { schema: RuleFile, value, explain: misplacedMember });
  if (misshapen.length > 0) return refused(misshapen);
  const source = value as RuleFile;
  const { problems, texts } = checkContent(document, id, source, context);
  if (hasErrors(problems)) return refused(problems);
  const actionPlaces = source.actions.map((_, index) => document.placeOf(['actions', index]));
  return { rule: ruleOf(id, source, context, texts), problems, actionPlaces };
}

function refused(problems: readonly Problem[]): CheckedRule {
  return { problems, actionPlaces: [] };
}

/** A word that the rule language has, but not here: ignoring it would make another rule of it. */
function misplacedMember(name: string, at: readonly unknown[]) {
  if (at.length > 0 || name !== 'within') return undefined;
  const message = '"within" stands inside "then", "unless" or the "params" of a fact: put it there';
  return { code: 'shape.misplaced', message };
}

function checkContent(
  document: JsoncDocument,
  id: string,
  source: RuleFile,
  context: CheckContext,
): CheckedActions {
  const { conditions, inhibitedBy, actions } = source;
  const { problems: ofSource, checked } = checkSource(document, source, context);
  const { problems: ofActions, texts } = checkActions(checked, actions, textNamesOf(source, context));
  const problems = [
    ...ofSource,
    ...checkTimes(checked, source),
    ...(conditions === undefined ? [] : checkConditions(checked, conditions, ['conditions'])),
    ...checkFollowUps(checked, source),
    ...checkPace(checked, source),
    ...checkLimit(checked, source),
    ...checkInhibitors(checked, id, inhibitedBy),
    ...checkLoops(checked, source),
    ...ofActions,
  ];
  return { problems, texts };
}

/** Checks what sets the rule off: events, or a timetable. */
function checkSource(
  document: JsoncDocument,
  { on, every }: RuleFile,
  context: CheckContext,
): { problems: readonly Problem[]; checked: Checked } {
  if (on === undefined) {
    return { problems: [], checked: { document, context, types: [SCHEDULE_TYPE], isScheduled: true } };
  }
  const { problems, covered } = checkOn(document, on, ['on']);
  const checked = { document, context, on: textsOf(on), ...covered };
  if (every === undefined) return { problems, checked };
  const message = 'a rule has either "on" or "every", not both: a timetable takes the place of events';
  return { problems: [...problems, document.atName(['every'], error('every.with-on', message))], checked };
}
