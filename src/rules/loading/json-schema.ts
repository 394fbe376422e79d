import { Type, type TSchema } from '@sinclair/typebox';
import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import { RENDERING_KEYWORDS } from '../../contracts/action-kind.js';
import { knownEventTypes } from '../../catalogue/event-types.js';
import { DECORATORS } from '../engine/decorators.js';
import { OPERATORS } from '../engine/operators.js';
import { STATEFUL_FACTS, type Measure } from '../memory/stateful-facts.js';
import { ruleActionSchema, ruleFileSchema } from '../rule-schema.js';
import { ruleTestSchema } from '../trial/rule-test-schema.js';
import { KNOWN_FACTS } from './known-facts.js';
import { SERIES_MEMBERS } from './series-members.js';

type JsonSchema = Readonly<Record<string, unknown>>;

const HEAD = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  // Editors that know these two let rule files have them.
  allowComments: true,
  allowTrailingCommas: true,
};

/** The JSON Schema of a rule file, for editors: completion, explanations, and most of what the checker says. */
export function ruleJsonSchema(): JsonSchema {
  const conditions = Type.Unsafe({ $ref: '#/definitions/conditions' });
  const actions = [...ACTION_SCHEMAS.values()].map(({ type, params, description }) =>
    ruleActionSchema(Type.Literal(type, { description }), params),
  );
  const action = Type.Union(actions);
  return plain({
    ...HEAD,
    title: 'Signalman rule',
    ...ruleFileSchema(conditions, action, Type.Unsafe(reference('eventType'))),
    not: { anyOf: [{ required: ['on', 'every'] }, { required: ['then', 'unless'] }] },
    definitions: { eventType, ...CONDITION_DEFINITIONS },
  });
}

/** The JSON Schema of a `<name>.test.json`. */
export function ruleTestJsonSchema(): JsonSchema {
  const action = Type.Union([...ACTION_SCHEMAS.keys()].map((type) => Type.Literal(type)));
  return plain({ ...HEAD, title: 'Signalman rule test', ...ruleTestSchema(eventType, action) });
}

/** Any name is allowed, because senders add types; the known ones are offered. */
const eventType: TSchema = Type.Unsafe({
  anyOf: [{ enum: knownEventTypes() }, { type: 'string', minLength: 1 }],
});

const reference = (name: string) => ({ $ref: `#/definitions/${name}` });
const named = (properties: JsonSchema, required: readonly string[], description: string) => ({
  type: 'object',
  description,
  properties: {
    ...properties,
    name: { type: 'string', description: 'A name for explanations.' },
    priority: { type: 'integer', minimum: 1 },
  },
  required,
  additionalProperties: false,
});
const described = (entries: Iterable<readonly [string, { readonly doc: string }]>) =>
  [...entries].map(([name, { doc }]) => ({ const: name, description: doc }));

const GROUPS = [
  named({ all: nonEmptyList() }, ['all'], 'Every one of the conditions must hold.'),
  named({ any: nonEmptyList() }, ['any'], 'At least one of the conditions must hold.'),
  named({ not: reference('condition') }, ['not'], 'The condition must not hold.'),
  named(
    { condition: { type: 'string', description: 'Name of a file in `rules/conditions`.' } },
    ['condition'],
    'A shared condition.',
  ),
];

function nonEmptyList() {
  return { type: 'array', items: reference('condition'), minItems: 1 };
}

const path = { type: 'string', minLength: 1 };
const pathOrPaths = { anyOf: [path, { type: 'array', items: path }] };

const SERIES_SHAPES: Readonly<Record<string, object>> = {
  on: { anyOf: [reference('eventType'), { type: 'array', items: reference('eventType'), minItems: 1 }] },
  where: { allOf: [reference('conditions')] },
  per: pathOrPaths,
  within: { type: 'string' },
  of: path,
  windows: { type: 'integer', minimum: 1, maximum: 100 },
};

/** What `params` must hold when the fact is this one. */
function paramsOf(measure: Measure): JsonSchema {
  const members = Object.entries(SERIES_MEMBERS).filter(([, { isFor }]) => isFor(measure));
  const needed = members.filter(([, { isNeeded }]) => isNeeded(measure)).map(([name]) => name);
  const properties = members.map(([name, { doc }]) => [name, { ...SERIES_SHAPES[name], description: doc }]);
  const params = {
    properties: Object.fromEntries(properties) as JsonSchema,
    required: needed,
    additionalProperties: false,
  };
  return {
    if: { properties: { fact: { const: measure } } },
    then: { properties: { params }, ...(needed.length > 0 ? { required: ['params'] } : {}) },
  };
}

const CONDITION_DEFINITIONS = {
  conditions: { anyOf: GROUPS, description: "Conditions in json-rules-engine's format." },
  condition: { anyOf: [...GROUPS, reference('comparison')] },
  comparison: {
    ...named(
      {
        fact: { anyOf: described(KNOWN_FACTS), description: 'What is looked at.' },
        path: { type: 'string', description: "Where in the fact: `$.country`, `$['Campaign Run ID']`." },
        operator: { anyOf: [...described(OPERATORS), decorated()] },
        value: { description: 'What the operator compares with; `{ "fact": … }` for another fact.' },
        params: { type: 'object', description: 'What a fact that remembers looks at.' },
      },
      ['fact', 'operator', 'value'],
      'A comparison of a field with a value.',
    ),
    allOf: (Object.keys(STATEFUL_FACTS) as Measure[]).map(paramsOf),
  },
};

function decorated() {
  const decorators = Object.entries(DECORATORS);
  const names = decorators.map(([name]) => name).join('|');
  return {
    type: 'string',
    pattern: `^((${names}):)+(${[...OPERATORS.keys()].join('|')})$`,
    description: decorators.map(([name, { doc }]) => `\`${name}:\` ${doc}`).join(' '),
  };
}

/** Plain JSON, without what only the rendering of templates reads. */
function plain(schema: object): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    RENDERING_KEYWORDS.includes(key) ? undefined : value,
  );
  return JSON.parse(text) as JsonSchema;
}
