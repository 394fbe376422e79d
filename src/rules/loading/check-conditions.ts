import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';
import { isFactReference } from '../engine/condition.js';
import { isMeasure } from '../memory/stateful-facts.js';
import type { Branch, Checked } from './check-context.js';
import { checkLeaf } from './check-leaf.js';
import { countedBy } from './check-series.js';
import { contradictions } from './contradictions.js';
import { NO_GUARDS, withGuards } from './guards.js';
import type { Path } from './jsonc-document.js';
import { goesBeyond } from './known-facts.js';
import { listed } from './listed.js';
import { error, type Problem } from './problem.js';

const GROUPS = ['all', 'any', 'not', 'condition'] as const;
type Group = (typeof GROUPS)[number];

const LEAF_MEMBERS = ['fact', 'path', 'operator', 'value', 'params', 'name', 'priority'];

/** Checks a whole conditions object: a rule's, or a shared one. `at` leads to it inside the document. */
export function checkConditions(checked: Checked, root: unknown, at: Path): Problem[] {
  if (!isJsonObject(root) || groupsOf(root).length === 0) {
    const message = `conditions must begin with ${listed(GROUPS)}: write { "all": [ … ] }`;
    return [checked.document.at(at, error('condition.root', message))];
  }
  return checkNode(checked, root, { path: at, isNegated: false, guards: NO_GUARDS });
}

function checkNode(checked: Checked, node: unknown, branch: Branch): Problem[] {
  const { document } = checked;
  if (!isJsonObject(node)) {
    return [document.at(branch.path, error('condition.shape', 'a condition must be an object'))];
  }
  const groups = groupsOf(node);
  const [group, second] = groups;
  if (second !== undefined || (group !== undefined && Object.hasOwn(node, 'fact'))) {
    const names = listed(second === undefined ? [...groups, 'fact'] : groups, 'and');
    const message = `${names} stand in one condition: only the first would count, so put one inside the other`;
    return [document.at(branch.path, error('condition.ambiguous', message))];
  }
  const members = group === undefined ? LEAF_MEMBERS : [group, 'name', 'priority'];
  const strangers = checkMembers(
    checked,
    node,
    branch.path,
    group === undefined ? [...members, ...GROUPS] : members,
  );
  if (group === undefined) {
    return [...strangers, ...checkLeaf(checked, node, branch), ...checkWhere(checked, node, branch.path)];
  }
  return [
    ...strangers,
    ...checkGroup(checked, group, node[group], { ...branch, path: [...branch.path, group] }),
  ];
}

function groupsOf(node: object): Group[] {
  return GROUPS.filter((group) => Object.hasOwn(node, group));
}

function checkMembers(
  { document }: Checked,
  node: Record<string, unknown>,
  path: Path,
  known: readonly string[],
): Problem[] {
  const unknown = Object.keys(node).filter((name) => !known.includes(name));
  const problems = unknown.map((name) => {
    const finding = error('condition.unknown-member', `unknown member "${name}"`, nearest(name, known));
    return document.atName([...path, name], finding);
  });
  const { priority } = node;
  if (priority === undefined || (Number.isInteger(priority) && Number(priority) > 0)) return problems;
  const message = '"priority" must be a whole number of at least 1';
  return [...problems, document.at([...path, 'priority'], error('condition.priority', message))];
}

/** The conditions inside a comparison: over which events a fact that remembers looks. */
function checkWhere(checked: Checked, side: JsonObject, at: Path): Problem[] {
  const { fact, params, value } = side;
  const other = isFactReference(value) ? checkWhere(checked, value, [...at, 'value']) : [];
  const where = isJsonObject(params) ? params['where'] : undefined;
  if (typeof fact !== 'string' || !isMeasure(fact) || !isJsonObject(params) || !isJsonObject(where))
    return other;
  return [...other, ...checkConditions(countedBy(checked, params), where, [...at, 'params', 'where'])];
}

function checkGroup(checked: Checked, group: Group, inner: unknown, branch: Branch): Problem[] {
  const { document } = checked;
  if (group === 'condition') return checkReference(checked, inner, branch.path);
  if (group === 'not') return checkNode(checked, inner, { ...branch, isNegated: !branch.isNegated });
  if (!Array.isArray(inner)) {
    return [document.at(branch.path, error('condition.shape', `"${group}" must be a list of conditions`))];
  }
  if (inner.length === 0) {
    const message = `an empty "${group}" is true for every event: put a condition in, or leave it out`;
    return [document.at(branch.path, error('condition.empty', message))];
  }
  const isAll = group === 'all';
  const guards = isAll ? withGuards(branch.guards, inner) : branch.guards;
  return [
    ...inner.flatMap((node, index) =>
      checkNode(checked, node, { ...branch, guards, path: [...branch.path, index] }),
    ),
    ...(isAll ? contradictions(checked, inner, branch.path) : []),
  ];
}

function checkReference(checked: Checked, name: unknown, path: Path): Problem[] {
  const { document, context } = checked;
  if (typeof name !== 'string') {
    return [
      document.at(path, error('condition.shape', '"condition" must be the name of a shared condition')),
    ];
  }
  if (context.brokenConditions?.has(name) === true) {
    const message = `the shared condition "${name}" has errors itself`;
    return [document.at(path, error('condition.broken', message))];
  }
  if (context.conditions.has(name)) return checkAlone(checked, name, path);
  const message = `there is no shared condition "${name}"`;
  return [document.at(path, error('condition.unknown', message, nearest(name, context.conditions)))];
}

function checkAlone({ document, context, alone }: Checked, name: string, path: Path): Problem[] {
  const fact = context.beyondEvent?.get(name);
  if (alone === undefined || fact === undefined) return [];
  return [document.at(path, error('condition.beyond-event', goesBeyond(alone, name, fact)))];
}
