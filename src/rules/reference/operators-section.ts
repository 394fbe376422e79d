import type { CanonicalEvent } from '../../contracts/event.js';
import { DECORATORS } from '../engine/decorators.js';
import { FactScope } from '../engine/facts.js';
import type { Lists, OperatorEntry } from '../engine/operator.js';
import { OPERATORS } from '../engine/operators.js';
import { blocks, code, lines } from './markdown.js';
import { yesOrNo } from './members.js';
import { comparison, DECORATOR_EXAMPLES, OPERATOR_EXAMPLES } from './operator-examples.js';

export function operatorsSection(): string {
  const entries = [...OPERATORS];
  const items = (added: boolean) => entries.filter(([, entry]) => entry.added === added).map(operatorItem);
  return blocks(
    '### Operators, and what they say of a missing field',
    lines(
      'A field is **missing** when the event does not carry it. Most operators say no then, so the rule stays quiet. Mind',
      'those with **yes**. Where it is not said otherwise, capitals count, and the text `"7"` is not the number `7`.',
    ),
    'These are the operators of json-rules-engine, with its own meanings:',
    lines(...items(false)),
    'These are added:',
    lines(...items(true)),
    lines(
      'A word with a colon before an operator changes it. Several can stand in a row; the leftmost is applied last:',
      '`not:someFact:startsWith` is true when no entry begins so.',
    ),
    lines(
      ...Object.entries(DECORATORS).map(([name, { doc }]) => {
        const [operator, ...example] = DECORATOR_EXAMPLES[name] ?? ['equal', 'data', '$', null];
        return `- **${code(`${name}:`)}** ${doc} ${code(comparison(`${name}:${operator}`, example))}`;
      }),
    ),
  );
}

/** The last words of an operator's doc, whose answer is worked out anew by asking the operator. */
const OF_MISSING = /[.;] a missing field(?:, or ([^:]+))?: (?:yes|no)\.$/i;

function operatorItem([name, operator]: readonly [string, OperatorEntry]): string {
  const example = OPERATOR_EXAMPLES[name] ?? ['data', '$', null];
  const [, others] = OF_MISSING.exec(operator.doc) ?? [];
  const or = others === undefined ? '' : `, or ${others}`;
  const missing =
    operator.value === 'boolean'
      ? `Missing field: **${saysOfMissing(operator, true)}** with true, **${saysOfMissing(operator, false)}** with false.`
      : `Missing field${or}: **${saysOfMissing(operator, example[2])}**.`;
  return `- **${code(name)}** ${operator.doc.replace(OF_MISSING, '.')} ${missing} ${code(comparison(name, example))}`;
}

const SCOPE = new FactScope({ time: '2026-01-05T09:00:00Z' } as CanonicalEvent, undefined);
const LISTS: Lists = new Map([['competitors', new Set()]]);

function saysOfMissing(operator: OperatorEntry, value: unknown): 'yes' | 'no' {
  return yesOrNo(operator.bind(value, LISTS)(undefined, SCOPE));
}
