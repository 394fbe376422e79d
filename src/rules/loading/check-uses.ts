import { isJsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';
import type { RuleFile } from '../rule-schema.js';
import type { TemplateUse } from '../templates/template.js';
import type { CheckContext } from './check-context.js';
import { factNamesIn } from './condition-tree.js';
import { FACT_MEMBERS } from './known-facts.js';
import { listed } from './listed.js';
import { error, warning, type Finding } from './problem.js';

/** What the texts of a rule can name that those of other rules cannot. */
export interface TextNames {
  /** Of its facts that remember. */
  readonly facts: ReadonlySet<string>;
  /** True when a second event follows. */
  readonly hasThen: boolean;
}

export function textNamesOf({ conditions, then }: RuleFile, { factNames }: CheckContext): TextNames {
  const facts = isJsonObject(conditions) ? factNamesIn(conditions, factNames) : [];
  return { facts: new Set(facts), hasThen: then !== undefined };
}

/** Says what is wrong with something that a text names; undefined when nothing is known to be. */
export function useFinding({ names }: TemplateUse, { facts, hasThen }: TextNames): Finding | undefined {
  const [root = '', member] = names;
  if (root === 'then' && !hasThen) {
    const message = '`then` is the second event of a sequence, and this rule has no "then"';
    return error('template.no-then', message);
  }
  if (member === undefined) return undefined;
  if (root === 'facts') return facts.has(member) ? undefined : unknownFact(member, facts);
  const members = root === 'now' || root === 'usage' ? FACT_MEMBERS.get(root) : undefined;
  if (members === undefined || members.has(member)) return undefined;
  return warning(
    'template.unknown-member',
    `\`${root}\` has no member "${member}"`,
    nearest(member, members),
  );
}

function unknownFact(name: string, facts: ReadonlySet<string>): Finding {
  const message = `no fact that remembers is called "${name}" in the conditions of this rule`;
  const suggestion = nearest(name, facts);
  if (suggestion !== undefined) return error('template.unknown-fact', message, suggestion);
  const there = facts.size === 0 ? 'there is none at all' : `there are ${listed(facts, 'and')}`;
  return error('template.unknown-fact', `${message}: ${there}`);
}
