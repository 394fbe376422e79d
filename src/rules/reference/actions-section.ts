import type { TSchema } from '@sinclair/typebox';
import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import type { ActionSchema, Landing } from '../../contracts/action-kind.js';
import { ACTION_EXAMPLES } from './action-examples.js';
import { blocks, code, codes, fragment, lines, table } from './markdown.js';
import { membersOf, yesOrNo, type Member } from './members.js';

export function actionsSection(): string {
  return blocks(
    '## Actions',
    lines(
      'An action has a `type`, its `params`, and perhaps a [`guarantee`](#guarantee-once-too-often-or-once-too-few). `to`',
      'names a connection of the file `connections.json`; whoever runs Signalman keeps that file and its secrets. Every text',
      'may hold [templates](#templates), names excepted. If one action of a rule cannot be put together, because a',
      'template fails or a connection is missing, none of them is done, and that is written down.',
    ),
    ...[...kindsByParams().values()].flatMap(actionBlocks),
  );
}

/** Actions that take the same parameters share a table. */
function kindsByParams(): ReadonlyMap<TSchema, readonly ActionSchema[]> {
  const kinds = new Map<TSchema, ActionSchema[]>();
  for (const kind of ACTION_SCHEMAS.values())
    kinds.set(kind.params, [...(kinds.get(kind.params) ?? []), kind]);
  return kinds;
}

function actionBlocks(kinds: readonly ActionSchema[]): string[] {
  const [first] = kinds;
  if (first === undefined) return [];
  const { params } = first;
  const rows = membersOf(params).map((member) => [
    code(member.name),
    neededOf(params, member),
    kindOf(member.schema),
    member.description,
  ]);
  const sentences = kinds
    .flatMap(({ type, description }) => [description, ACTION_EXAMPLES[type]?.note ?? []])
    .flat();
  return [
    `### ${codes(kinds.map(({ type }) => type))}`,
    sentences.join(' '),
    table(['parameter', 'needed', 'what it holds', 'meaning'], rows),
    ...kinds.map((kind) => fragment('action', ACTION_EXAMPLES[kind.type]?.example ?? exampleOf(kind))),
  ];
}

/** A plug-in brings its own. */
function exampleOf({ type, example }: ActionSchema): string {
  return JSON.stringify({ type, params: { to: 'there', ...example } }, null, 2);
}

function neededOf({ anyOf = [] }: TSchema, { name, isRequired }: Member): string {
  const choice = (anyOf as { required: string[] }[]).flatMap(({ required }) => required);
  return choice.includes(name) ? `at least one of ${codes(choice)}` : yesOrNo(isRequired);
}

const LANDING_WORDS: Readonly<Record<Landing, string>> = {
  slack: 'text for Slack',
  markdown: 'Markdown',
  html: 'HTML',
  header: 'one line of text',
  text: 'text',
};

function kindOf(schema: TSchema): string {
  const { type, anyOf, pattern, landing } = schema as TSchema & {
    readonly type?: string;
    readonly anyOf?: readonly (TSchema & { readonly const?: string; readonly type?: string })[];
    readonly pattern?: string;
    readonly landing?: Landing;
  };
  if (anyOf !== undefined) {
    const words = anyOf.flatMap((each) => (each.const === undefined ? [] : [each.const]));
    return words.length > 0 ? `one of ${codes(words)}` : 'a whole number, or a template that makes one';
  }
  if (type === 'array') return 'a list';
  if (type === 'object') return 'names with values';
  if (type === 'boolean') return '`true` or `false`';
  if (type !== 'string') return 'any JSON';
  // A pattern with braces lets templates through.
  const isName = pattern !== undefined && !pattern.includes('\\{\\{');
  return isName ? 'a name, no template' : LANDING_WORDS[landing ?? 'text'];
}
