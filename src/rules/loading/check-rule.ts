import { createHash } from 'node:crypto';
import { parseDuration } from '../../contracts/duration.js';
import { MEMBERS_TO_COME, RuleFile } from '../rule-schema.js';
import type { ConditionNode, Rule } from '../rule.js';
import { checkActions } from './check-actions.js';
import { checkConditions } from './check-conditions.js';
import type { CheckContext, Checked } from './check-context.js';
import { checkOn } from './check-on.js';
import { checkThrottle } from './check-throttle.js';
import { JsoncDocument } from './jsonc-document.js';
import { typesCoveredBy } from './known-events.js';
import { hasErrors, type Problem } from './problem.js';
import { checkShape } from './schema-findings.js';

export interface CheckedRule {
  /** Undefined when there is an error. */
  readonly rule?: Rule;
  readonly problems: readonly Problem[];
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
  if (document.problems.length > 0) return { problems: document.problems };
  const misshapen = checkShape(document, { schema: RuleFile, value, explain: memberToCome });
  if (misshapen.length > 0) return { problems: misshapen };
  const source = value as RuleFile;
  const problems = checkContent(document, source, context);
  return hasErrors(problems) ? { problems } : { rule: ruleOf(id, source), problems };
}

/** The rule language has words that are not built yet: ignoring one would make another rule of it. */
function memberToCome(name: string, at: readonly unknown[]) {
  if (at.length > 0 || !MEMBERS_TO_COME.has(name)) return undefined;
  const message = `this version of Signalman does not know "${name}" yet: the rule cannot be used with it`;
  return { code: 'shape.not-yet', message };
}

function checkContent(document: JsoncDocument, source: RuleFile, context: CheckContext): Problem[] {
  const on = checkOn(document, source.on);
  const types = hasErrors(on) ? [] : entriesOf(source.on).flatMap(typesOf);
  // A type that no catalogue knows may carry anything.
  const checked: Checked = types.includes(undefined)
    ? { document, context }
    : { document, context, types: types.filter((type) => type !== undefined) };
  const { conditions } = source;
  return [
    ...on,
    ...(conditions === undefined ? [] : checkConditions(checked, conditions, ['conditions'])),
    ...checkThrottle(checked, source.throttle),
    ...checkActions(checked, source.actions),
  ];
}

function entriesOf(on: RuleFile['on']): readonly string[] {
  return typeof on === 'string' ? [on] : on;
}

function typesOf(entry: string): readonly (string | undefined)[] {
  const types = typesCoveredBy(entry);
  return types.length > 0 ? types : [undefined];
}

function ruleOf(id: string, source: RuleFile): Rule {
  const { description, owner, mode = 'live', on, conditions = { all: [] }, throttle, actions } = source;
  const everyMs = throttle === undefined ? undefined : parseDuration(throttle.every);
  return {
    id,
    version: createHash('sha256').update(JSON.stringify(source)).digest('hex').slice(0, 12),
    description,
    ...(owner === undefined ? {} : { owner }),
    mode,
    on: entriesOf(on),
    // Without conditions, every event of these types meets the rule.
    conditions: conditions as ConditionNode,
    ...(throttle === undefined || everyMs === undefined
      ? {}
      : { throttle: { per: [throttle.per], everyMs } }),
    actions: actions.map(({ guarantee = 'at-least-once', ...action }) => ({ ...action, guarantee })),
  };
}
