import type { JsonObject } from '../../contracts/json.js';
import { isFactReference } from '../engine/condition.js';
import { isMeasure } from '../memory/stateful-facts.js';
import type { Branch, Checked } from './check-context.js';
import { checkField } from './check-field.js';
import { checkOperation } from './check-operation.js';
import { checkSeries } from './check-series.js';
import type { Path } from './jsonc-document.js';
import { listed } from './listed.js';
import { error, hasErrors, type Problem } from './problem.js';
import { numberTraps } from './number-traps.js';

/** Checks one comparison: `fact`, `path`, `operator`, `value`. */
export function checkLeaf(checked: Checked, leaf: JsonObject, branch: Branch): Problem[] {
  const { document } = checked;
  const missing = ['fact', 'operator', 'value'].filter((name) => !Object.hasOwn(leaf, name));
  if (missing.length > 0) {
    const message = `a condition needs ${listed(missing, 'and')}`;
    return [document.at(branch.path, error('condition.missing', message))];
  }
  const { value } = leaf;
  const valuePath = [...branch.path, 'value'];
  const field = checkSide(checked, leaf, branch.path);
  const other = isFactReference(value) ? checkSide(checked, value, valuePath) : [];
  const operation = checkOperation(checked, leaf, branch);
  const traps = hasErrors([...field, ...operation])
    ? []
    : numberTraps(leaf).map((finding) => document.at(valuePath, finding));
  return [...field, ...other, ...operation, ...traps];
}

function checkSide(checked: Checked, side: JsonObject, at: Path): Problem[] {
  const { fact } = side;
  const field = checkField(checked, side, at);
  if (typeof fact !== 'string' || !isMeasure(fact) || hasErrors(field)) return field;
  return [...field, ...checkSeries(checked, fact, side['params'], at)];
}
