import fc from 'fast-check';
import {
  ACTIVITY,
  ADOBE,
  AUDIT,
  batchOf,
  CLIENT_ID,
  CLOUD_EVENT,
  EVENTS,
  PUSH,
  PUSHED,
} from '../../test/support/delivery-samples.js';
import { readBatch } from './read-batch.js';

describe('what cannot be read', () => {
  it.each([
    ['null', null],
    ['a number', 7],
    ['a text', 'x'],
    ['a list', []],
    ['an object of nothing', {}],
    ['an event of null', { event: null, recipientclientid: CLIENT_ID }],
    ['a body of null', { event: { body: null }, recipientclientid: CLIENT_ID }],
  ])('is %s among others, and spoils none of them', (_case, element) => {
    const { events, unreadable } = readBatch(batchOf('adobe', [ACTIVITY, element, AUDIT]), ADOBE);
    expect(events).toHaveLength(2);
    expect(unreadable).toEqual([expect.objectContaining({ at: '0/1', raw: JSON.stringify(element) })]);
  });

  it.each(['', '{"half":', 'nonsense', '{"a":NaN}', '[1,]'])('is a body that is no JSON: %s', (text) => {
    const { events, unreadable } = readBatch(batchOf('adobe', text, ACTIVITY), ADOBE);
    expect(events).toHaveLength(1);
    expect(unreadable).toEqual([expect.objectContaining({ at: '0', raw: text })]);
  });

  it('is a body that is no text', () => {
    const batch = { ...batchOf('adobe'), bodies: [Buffer.from('//4=', 'base64')] };
    expect(readBatch(batch, ADOBE).unreadable).toEqual([
      expect.objectContaining({ at: '0', raw: 'base64://4=' }),
    ]);
  });

  it('is a direct push without activities, or an activity without a type', () => {
    const batch = batchOf('marketo', ACTIVITY, {
      ...PUSHED,
      activities: [{ leadId: 1 }, PUSHED.activities[0], 5],
    });
    const { events, unreadable } = readBatch(batch, PUSH);
    expect(events).toHaveLength(1);
    expect(unreadable.map(({ at }) => at)).toEqual(['0', '1/activities/0', '1/activities/2']);
  });

  it('is what came to a source that is of another kind now', () => {
    expect(readBatch(batchOf('marketo', PUSHED), EVENTS)).toMatchObject({
      events: [],
      unreadable: [{ at: '0' }],
    });
  });

  it('is not an empty list: nothing came', () => {
    expect(readBatch(batchOf('adobe', [], ' [ ] '), ADOBE)).toEqual({ events: [], unreadable: [] });
  });

  it('is not a body that begins with a byte order mark', () => {
    expect(readBatch(batchOf('adobe', `\uFEFF${JSON.stringify(ACTIVITY)}`), ADOBE).events).toHaveLength(1);
  });

  it('is an event nested without end, alone among others', () => {
    const deep = JSON.stringify(CLOUD_EVENT).replace(
      '"Acme"',
      `${'['.repeat(200_000)}"]"${']'.repeat(200_000)}`,
    );
    const { events, unreadable } = readBatch(
      batchOf('events', `[${JSON.stringify(CLOUD_EVENT)},${deep}]`, deep),
      EVENTS,
    );
    expect(events).toHaveLength(1);
    expect(unreadable.map(({ at }) => at)).toEqual(['0/1', '1']);
    expect(unreadable[0]?.raw).toContain('nested deeper');
    expect(unreadable[1]?.raw).toBe(deep);
  });

  it('is kept as a whole body when it comes to more pieces than a person would look at', () => {
    const text = JSON.stringify([...Array.from({ length: 200_000 }, () => 0), ACTIVITY]);
    const { events, unreadable } = readBatch(batchOf('adobe', text), ADOBE);
    expect(events).toHaveLength(1);
    expect(unreadable).toHaveLength(1_001);
    expect(unreadable.at(-2)).toMatchObject({ at: '0/999', raw: '0' });
    expect(unreadable.at(-1)).toMatchObject({
      at: '0/…',
      reason: '199000 more of its elements cannot be read; this is the whole body.',
    });
    expect(unreadable.at(-1)?.raw === text).toBe(true);
  });

  it('is not an event with thousands of brackets inside a text', () => {
    const event = { ...CLOUD_EVENT, data: { text: `\\"${'[{'.repeat(5_000)}` } };
    const { events } = readBatch(batchOf('events', [event]), EVENTS);
    expect(events.map(({ data }) => data)).toEqual([event.data]);
  });
});

describe('any delivery at all', () => {
  /** JSON values that look like deliveries more often than chance would make them. */
  const member = fc.constantFrom(
    ...['event', 'body', 'type', 'id', 'eventid', 'data', 'time', 'source', 'attributes', 'name', 'value'],
    ...[
      'leadId',
      'activityTypeId',
      'activities',
      'munchkinId',
      'recipientclientid',
      'specversion',
      '__proto__',
    ],
  );
  const leaf = fc.oneof(
    fc.constantFrom(
      CLIENT_ID,
      '1.0',
      ACTIVITY.type,
      'com.acme.x',
      '2026-05-04T09:00:00Z',
      '2024-07-11 13:20:42.755',
    ),
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium' },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(member, fc.string()), tie('tree'), { maxKeys: 8 }),
    ),
  }));
  const element = fc.oneof(
    tree,
    fc
      .tuple(
        fc.constantFrom<object>(ACTIVITY, AUDIT, CLOUD_EVENT),
        fc.dictionary(member, tree, { maxKeys: 3 }),
      )
      .map(([sample, changes]) => ({ ...sample, ...changes })),
  );

  it.each([
    ['adobe', ADOBE],
    ['events', EVENTS],
  ] as const)('accounts for every element of every body: %s', (kind, source) => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(element, fc.array(element, { maxLength: 5 })), { maxLength: 4 }),
        (bodies) => {
          const texts = bodies.map((body) => JSON.stringify(body));
          const expected = texts.flatMap((text) => {
            const body = JSON.parse(text) as unknown;
            return Array.isArray(body) ? (body as unknown[]) : [body];
          });
          const { events, unreadable } = readBatch(batchOf(kind, ...texts), source);
          expect(events.length + unreadable.length).toBe(expected.length);
          expect(new Set(unreadable.map(({ at }) => at)).size).toBe(unreadable.length);
          for (const event of events) {
            expect(event).toMatchObject({
              id: expect.any(String) as string,
              type: expect.any(String) as string,
            });
            expect(Number.isNaN(Date.parse(event.time))).toBe(false);
            expect(JSON.parse(JSON.stringify(event))).toEqual(event);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('accounts for every activity of a direct push', () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 6 }), tree, (activities, munchkinId) => {
        const text = JSON.stringify({ ...PUSHED, munchkinId, activities });
        const { events, unreadable } = readBatch(batchOf('marketo', text), PUSH);
        expect(events.length + unreadable.length).toBe(activities.length);
      }),
      { numRuns: 500 },
    );
  });

  it('is read or refused, never thrown at, when it is no JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { events, unreadable } = readBatch(batchOf('adobe', text), ADOBE);
        expect(events).toEqual([]);
        if (text.trim() !== '[]') expect(unreadable).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('reads one activity alike from both transports, whatever it carries', () => {
    const dataType = fc.constantFrom('string', 'integer', 'object', 'boolean');
    const attribute = fc.record({ name: fc.string({ minLength: 1 }), dataType, value: tree });
    const details = fc.record(
      {
        activityTypeId: fc.constantFrom(1, 3, 10, 13, 22, 24, 100_001),
        primaryAttributeValue: fc.string(),
        campaignId: fc.integer(),
        campaignName: fc.string(),
        attributes: fc.array(attribute, { maxLength: 6 }),
      },
      { requiredKeys: ['activityTypeId'] },
    );
    fc.assert(
      fc.property(details, fc.nat(), fc.uuid(), (activity, leadId, guid) => {
        const common = { ...activity, activityDate: '2026-05-04T09:59:58Z', activityType: 'Something' };
        const pushed = { ...PUSHED, activities: [{ marketoGUID: guid, leadId, ...common }] };
        const data = { munchkinId: PUSHED.munchkinId, leadId: String(leadId), ...common };
        const byPush = readBatch(batchOf('marketo', pushed), PUSH).events;
        const type = `com.adobe.platform.${byPush[0]?.type ?? ''}`;
        const byIo = readBatch(batchOf('adobe', { ...ACTIVITY, id: guid, type, data }), ADOBE).events;
        expect(byIo).toEqual(byPush);
        expect(byPush).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
