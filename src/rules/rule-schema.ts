import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { GUARANTEES, PRIORITIES } from '../contracts/effect.js';
import {
  ActiveHoursWord,
  EveryWord,
  followUpSchema,
  GroupWord,
  InhibitedByWord,
  LimitWord,
  ThrottleWord,
} from './flow-schema.js';

const RULE_MODES = ['live', 'shadow', 'off'] as const;

const strict = { additionalProperties: false };

/** One of these words. */
export const words = <const W extends readonly string[]>(all: W, description: string) =>
  Type.Unsafe<W[number]>(
    Type.Union(
      all.map((word) => Type.Literal(word)),
      { description },
    ),
  );

export const schemaLink = Type.Optional(
  Type.String({ description: 'Where editors find the schema of this file.' }),
);
const eventName = Type.String({ minLength: 1 });

/**
 * The shape of a rule file. The checker uses it with loose conditions and actions, which it checks more closely than
 * a schema can; the published JSON Schema puts in the exact ones.
 */
export function ruleFileSchema<C extends TSchema, A extends TSchema, E extends TSchema>(
  conditions: C,
  action: A,
  event: E,
) {
  return Type.Object(
    {
      $schema: schemaLink,
      description: Type.String({
        minLength: 1,
        description:
          'One sentence that says what the rule is for. It stands beside everything that the rule does.',
      }),
      owner: Type.Optional(
        Type.String({
          minLength: 1,
          description: 'Who answers for the rule: a mail address or the name of a team.',
        }),
      ),
      mode: Type.Optional(
        words(
          RULE_MODES,
          '`live` acts. `shadow` decides and records but does nothing. `off` is not evaluated. `live` unless given.',
        ),
      ),
      on: Type.Optional(
        Type.Union([event, Type.Array(event, { minItems: 1 })], {
          description:
            'Short names of the event types that the rule looks at. A final `*` covers everything that follows, a `*` elsewhere one segment.',
        }),
      ),
      every: Type.Optional(EveryWord),
      timeZone: Type.Optional(
        Type.String({
          description:
            'IANA name of the time zone in which the fact `now`, `activeHours`, `every` and the end of the day in `expires` are meant: `Europe/Berlin`. UTC unless given.',
        }),
      ),
      conditions: Type.Optional(conditions),
      then: Type.Optional(
        followUpSchema(
          conditions,
          event,
          'A sequence: the rule acts only when a second event follows the first in time.',
        ),
      ),
      unless: Type.Optional(
        followUpSchema(
          conditions,
          event,
          'An absence: the rule acts when the time is over and no such second event followed the first.',
        ),
      ),
      throttle: Type.Optional(ThrottleWord),
      group: Type.Optional(GroupWord),
      limit: Type.Optional(LimitWord),
      activeHours: Type.Optional(ActiveHoursWord),
      inhibitedBy: Type.Optional(InhibitedByWord),
      expires: Type.Optional(
        Type.String({
          description:
            'The last day on which the rule acts, `2026-12-31`, or the time at which it ends, `2026-12-31T18:00:00Z`.',
        }),
      ),
      reactToOwnWrites: Type.Optional(
        Type.Boolean({
          description:
            'True when the rule shall act on what it wrote to Marketo itself, when that comes back in the stream. It does not unless given.',
        }),
      ),
      priority: Type.Optional(
        words(
          PRIORITIES,
          'Whose actions come first where a destination cannot take everything at once: `high`, `normal` or `low`; `normal` unless given.',
        ),
      ),
      actions: Type.Array(action, { minItems: 1, description: 'What is done when the conditions are met.' }),
    },
    { ...strict, anyOf: [{ required: ['on'] }, { required: ['every'] }] },
  );
}

/** One entry of `actions`, with the parameters of its kind. */
export function ruleActionSchema<T extends TSchema, P extends TSchema>(type: T, params: P) {
  return Type.Object(
    {
      type,
      params,
      guarantee: Type.Optional(
        words(
          GUARANTEES,
          'What to do when it is not known whether an attempt got through: send again, or leave it and say so. ' +
            '`at-least-once` unless given.',
        ),
      ),
    },
    strict,
  );
}

const anyObject = Type.Record(Type.String(), Type.Unknown());

export const RuleFile = ruleFileSchema(Type.Unknown(), ruleActionSchema(Type.String(), anyObject), eventName);
export type RuleFile = Static<typeof RuleFile>;
