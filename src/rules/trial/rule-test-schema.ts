import { Type, type Static, type TSchema } from '@sinclair/typebox';
import type { DecisionOutcome } from '../../contracts/decision.js';
import { schemaLink, words } from '../rule-schema.js';
import { OUTCOME_WORDS } from './outcome-words.js';
import { ShortEvent } from './short-event.js';

const strict = { additionalProperties: false };
const anyObject = (description: string) =>
  Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description }));

/** That another rule acted before the events of a test, on an event with these members. */
export const Acted = Type.Object(
  {
    rule: Type.String({ minLength: 1, description: 'The id of a rule that this one is `inhibitedBy`.' }),
    ...ShortEvent.properties,
    type: Type.Optional(Type.String({ minLength: 1, description: 'Needed only where it is a key.' })),
    time: Type.String({ description: 'When it acted. RFC 3339.' }),
  },
  strict,
);
export type Acted = Static<typeof Acted>;

const Given = Type.Object(
  {
    lead: anyObject('What is known of the person.'),
    usage: anyObject('What Marketo says of the API calls of the day.'),
    acted: Type.Optional(
      Type.Array(Acted, {
        description:
          'Rules that acted before, so that this one is muted: with the time and what `per` asks for.',
      }),
    ),
  },
  { ...strict, description: 'What is known beforehand, beside what the events carry.' },
);

/** The shape of `<name>.test.json`. */
export function ruleTestSchema<E extends TSchema, A extends TSchema>(event: E, action: A) {
  const testedEvent = Type.Object(
    { type: event },
    { description: 'An event as rules see it; what is not given is filled in.' },
  );
  const expectation = Type.Object(
    {
      action,
      at: Type.Optional(Type.String({ description: 'When the rule acts. RFC 3339.' })),
      params: anyObject('Rendered parameters that must be among those of the effect.'),
    },
    strict,
  );
  const testCase = Type.Object(
    {
      name: Type.String({ minLength: 1, description: 'What the case shows, as a sentence about the rule.' }),
      given: Type.Optional(Given),
      events: Type.Array(testedEvent, {
        minItems: 1,
        description: 'The events, in order. Time moves by their times.',
      }),
      expect: Type.Array(expectation, {
        description: 'The effects, in order; empty when the rule must stay quiet.',
      }),
      outcomes: Type.Optional(
        Type.Array(words(Object.keys(OUTCOME_WORDS) as DecisionOutcome[], 'An outcome.'), {
          description: 'What becomes of the rule, all of it in order: `["waiting", "followed"]`.',
        }),
      ),
    },
    strict,
  );
  return Type.Object({ $schema: schemaLink, cases: Type.Array(testCase, { minItems: 1 }) }, strict);
}

export const RuleTestFile = ruleTestSchema(Type.String({ minLength: 1 }), Type.String());
export type RuleTestFile = Static<typeof RuleTestFile>;
