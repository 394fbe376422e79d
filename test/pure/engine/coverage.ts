import type { ConditionCompiler } from '../../../src/rules/engine/condition.js';
import { DECORATORS } from '../../../src/rules/engine/decorators.js';
import { FACTS, type FactScope } from '../../../src/rules/engine/facts.js';
import { OPERATORS } from '../../../src/rules/engine/operators.js';
import { STATEFUL_FACTS } from '../../../src/rules/memory/stateful-facts.js';
import type { ConditionNode, Rule } from '../../../src/rules/rule.js';
import { verdictOf } from './compile.js';

/**
 * Which verdicts came of each operator where it stands alone, of each decorator wherever it stands, and of each fact.
 */
export class Coverage {
  private readonly open: Set<string>;

  constructor() {
    const words = [
      ...OPERATORS.keys(),
      ...Object.keys(DECORATORS),
      ...FACTS.keys(),
      ...Object.keys(STATEFUL_FACTS),
    ];
    this.open = new Set(words.flatMap((word) => [`${word} true`, `${word} false`]));
  }

  /** Words and the verdicts that they never gave. */
  get missing(): readonly string[] {
    return [...this.open];
  }

  note({ conditions, on, timeZone }: Rule, compiler: ConditionCompiler, scope: FactScope): void {
    for (const test of testsOf(conditions)) {
      const operator = String(test['operator']).split(':');
      const words = [...(operator.length > 1 ? operator.slice(0, -1) : operator), String(test['fact'])];
      if (!words.some((word) => this.open.has(`${word} true`) || this.open.has(`${word} false`))) continue;
      const verdict = verdictOf({ condition: compiler.compile(test, { on, timeZone }) }, scope);
      for (const word of words) this.open.delete(`${word} ${String(verdict)}`);
    }
  }
}

function testsOf({ all, any, not, ...rest }: ConditionNode): ConditionNode[] {
  const members = [all, any, not].flat().filter((member) => member !== undefined) as ConditionNode[];
  return 'operator' in rest ? [rest] : members.flatMap(testsOf);
}
