import { isFactReference } from '../engine/condition.js';
import type { Branch, Checked } from './check-context.js';
import { checkField } from './check-field.js';
import { checkOperation } from './check-operation.js';
import { listed } from './listed.js';
import { error, type Problem } from './problem.js';

type Leaf = Readonly<Record<string, unknown>>;

/** Checks one comparison: `fact`, `path`, `operator`, `value`. */
export function checkLeaf(checked: Checked, leaf: Leaf, branch: Branch): Problem[] {
  const missing = ['fact', 'operator', 'value'].filter((name) => !Object.hasOwn(leaf, name));
  if (missing.length > 0) {
    const message = `a condition needs ${listed(missing, 'and')}`;
    return [checked.document.at(branch.path, error('condition.missing', message))];
  }
  const field = checkField(checked, leaf, branch.path);
  const { value } = leaf;
  const other = isFactReference(value) ? checkField(checked, value, [...branch.path, 'value']) : [];
  return [...field, ...other, ...checkOperation(checked, leaf, branch)];
}
