import { Type, type TSchema } from '@sinclair/typebox';

const strict = { additionalProperties: false };
const path = Type.String({ minLength: 1 });

/** One path into the event, or several that name a key together. */
const per = (description: string) => Type.Optional(Type.Union([path, Type.Array(path)], { description }));
const within = (description: string) => Type.String({ description });

/** The shape of `then` and `unless`. */
export function followUpSchema<C extends TSchema, E extends TSchema>(
  conditions: C,
  event: E,
  description: string,
) {
  return Type.Object(
    {
      on: Type.Union([event, Type.Array(event, { minItems: 1 })], {
        description: 'Short names of the event types of the second event, as in `on` of the rule.',
      }),
      conditions: Type.Optional(conditions),
      per: per('What the two events must have in common: `leadId` unless given.'),
      within: within(
        'How long after the first event, by the times of the events: `30m`, `24h`, `7d`; `90d` at most.',
      ),
    },
    { ...strict, description },
  );
}

export const ThrottleWord = Type.Object(
  {
    per: Type.Union([path, Type.Array(path)], {
      description:
        'What is counted apart: a path into the event such as `leadId` or `data.campaignId`, or a list of them.',
    }),
    every: within('How long one firing lasts: `30m`, `24h`, `7d`.'),
  },
  { ...strict, description: 'At most one firing for each `per` within `every`, by the time of the events.' },
);

/** The most firings that one digest can hold. */
export const LARGEST_GROUP = 1_000;
export const DEFAULT_GROUP = 100;

export const GroupWord = Type.Object(
  {
    per: per('What is collected apart: a path into the event, or a list of them. All together unless given.'),
    wait: within('How long is collected, from the first firing on: `10m`, `24h`; `90d` at most.'),
    max: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: LARGEST_GROUP,
        description: `So many act at once, before \`wait\` is over; ${DEFAULT_GROUP} unless given.`,
      }),
    ),
  },
  { ...strict, description: 'Collects firings for a while, then acts once for all of them: a digest.' },
);

const LARGEST_LIMIT = 100_000;
const most = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: LARGEST_LIMIT, description }));

export const LimitWord = Type.Object(
  {
    firings: most('How many times it may act.'),
    leads: most('For how many different leads it may act.'),
    messages: most('How many messages to Slack and mails it may send.'),
    per: Type.Optional(
      Type.String({ description: 'Within which time: `1h` unless given, from `1m` to `24h`.' }),
    ),
  },
  {
    ...strict,
    anyOf: [{ required: ['firings'] }, { required: ['leads'] }, { required: ['messages'] }],
    description:
      'The most that the rule may do within a time. What goes beyond it is held, as is all that follows, until a person releases or discards it.',
  },
);

export const ActiveHoursWord = Type.Object(
  {
    days: Type.Optional(
      Type.Union([path, Type.Array(path, { minItems: 1 })], {
        description: 'Days of the week: `mon-fri`, `sat,sun`, or a list of them. Every day unless given.',
      }),
    ),
    hours: Type.Optional(
      Type.String({
        description: 'From and to, `09:00-18:00`; it may pass midnight: `22:00-06:00`. All day unless given.',
      }),
    ),
    timeZone: Type.Optional(
      Type.String({ description: "IANA name of a time zone: `Europe/Berlin`. The rule's own unless given." }),
    ),
    outside: Type.Optional(
      Type.Union([Type.Literal('defer'), Type.Literal('drop')], {
        description:
          '`defer` acts as soon as the hours begin again, `drop` does not act at all. `defer` unless given.',
      }),
    ),
  },
  {
    ...strict,
    anyOf: [{ required: ['days'] }, { required: ['hours'] }],
    description: 'Days and hours in which the rule acts.',
  },
);

const Inhibitor = Type.Object(
  {
    rule: Type.Optional(Type.String({ minLength: 1, description: 'Id of another rule: `folder/name`.' })),
    condition: Type.Optional(Type.String({ minLength: 1, description: 'Name of a shared condition.' })),
    within: Type.Optional(
      within('How long the other rule mutes this one after it acted: `1h` unless given, `90d` at most.'),
    ),
    per: per(
      'Only an event that has this in common with that of the other rule is muted, such as `leadId`. Whichever it was unless given.',
    ),
  },
  { ...strict, anyOf: [{ required: ['rule'] }, { required: ['condition'] }] },
);

export const InhibitedByWord = Type.Union(
  [path, Inhibitor, Type.Array(Type.Union([path, Inhibitor]), { minItems: 1 })],
  {
    description:
      'What mutes this rule: the id of another rule, for an hour after it acted, or the name of a shared condition, while it holds. One, or a list.',
  },
);

export const EveryWord = Type.Union(
  [
    path,
    Type.Object(
      {
        cron: Type.String({
          minLength: 1,
          description: 'Five fields: minute, hour, day of month, month, weekday. `0 9 * * 1-5`.',
        }),
        missed: Type.Optional(
          Type.Union([Type.Literal('skip'), Type.Literal('last'), Type.Literal('all')], {
            description:
              'What becomes of times that passed while nothing ran: none is made up for, the last is, or all are. `last` unless given.',
          }),
        ),
      },
      strict,
    ),
  ],
  {
    description:
      'A timetable in place of `on`, in the time zone of the rule: minute, hour, day of month, month, weekday. `0 9 * * 1-5` is 9 in the morning on working days.',
  },
);
