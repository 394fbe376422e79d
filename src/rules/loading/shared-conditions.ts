import { isJsonObject } from '../../contracts/json.js';
import type { Lists } from '../engine/operator.js';
import type { ConditionNode } from '../rule.js';
import { checkConditions } from './check-conditions.js';
import { conditionsBeyondEvent, factNamesOf, referencesIn, type FactNames } from './condition-tree.js';
import type { Checked } from './check-context.js';
import { JsoncDocument } from './jsonc-document.js';
import { error, hasErrors, type Problem } from './problem.js';
import { referenceCycles } from './reference-cycles.js';

export interface ConditionText {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

export interface SharedConditions {
  /** Those that can be used: the good ones, and the last good version of those that broke. */
  readonly usable: ReadonlyMap<string, ConditionNode>;
  /** Those that an event alone cannot answer, each with the fact that is in the way. */
  readonly beyondEvent: ReadonlyMap<string, string>;
  readonly factNames: FactNames;
  /** True when one of them is in force as it was before. */
  readonly isAnyKept: boolean;
  readonly problems: readonly Problem[];
}

/**
 * Checks the shared conditions one by one and against each other.
 *
 * @param known names that may be referred to: all files that are there, readable or not
 * @param before what was in force; a condition that broke stays as it was
 */
export function readSharedConditions(
  texts: readonly ConditionText[],
  {
    lists,
    known,
    before,
  }: { lists: Lists; known: ReadonlySet<string>; before: ReadonlyMap<string, ConditionNode> },
): SharedConditions {
  const problems: Problem[] = [];
  const documents = new Map(texts.map(({ file, name, text }) => [name, new JsoncDocument(file, text)]));
  const roots = new Map([...documents].map(([name, { value }]) => [name, withoutSchemaLink(value)]));
  const beyondEvent = conditionsBeyondEvent(roots);
  const context = { destinations: {}, ruleIds: NO_RULES, conditions: known, beyondEvent, lists };
  const fresh = new Map<string, ConditionNode>();
  for (const [name, document] of documents) {
    const root = roots.get(name);
    const found = checkShared({ document, context }, root);
    problems.push(...found);
    if (!hasErrors(found)) fresh.set(name, root as ConditionNode);
  }
  for (const [name, way] of cyclesOf(fresh)) {
    fresh.delete(name);
    const message = `this condition refers to itself: ${way.join(' → ')}`;
    const document = documents.get(name);
    if (document !== undefined) problems.push(document.at([], error('condition.cycle', message)));
  }
  const usable = withoutDangling(new Map([...remaining(before, known), ...fresh]));
  const isAnyKept = [...usable].some(([name, node]) => fresh.get(name) !== node);
  return { usable, beyondEvent, factNames: factNamesOf(roots), isAnyKept, problems };
}

const NO_RULES: ReadonlySet<string> = new Set();

function checkShared(checked: Checked, root: unknown): readonly Problem[] {
  const { problems } = checked.document;
  return problems.length > 0 ? problems : checkConditions(checked, root, []);
}

/** Editors find the schema of any file by this member. */
function withoutSchemaLink(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '$schema'));
}

function cyclesOf(conditions: ReadonlyMap<string, ConditionNode>): ReadonlyMap<string, readonly string[]> {
  return referenceCycles(new Map([...conditions].map(([name, node]) => [name, referencesIn(node)])));
}

function remaining(before: ReadonlyMap<string, ConditionNode>, known: ReadonlySet<string>) {
  return [...before].filter(([name]) => known.has(name));
}

/** Leaves out what refers, directly or not, to a condition that cannot be used, or to itself. */
function withoutDangling(conditions: ReadonlyMap<string, ConditionNode>): Map<string, ConditionNode> {
  const usable = new Map(conditions);
  for (const name of cyclesOf(usable).keys()) usable.delete(name);
  let size: number;
  do {
    size = usable.size;
    for (const [name, node] of usable) {
      if (referencesIn(node).some((other) => !usable.has(other))) usable.delete(name);
    }
  } while (usable.size < size);
  return usable;
}
