import fc from 'fast-check';
import {
  ACTIVITY,
  ADOBE,
  AUDIT,
  AUDIT_V1,
  batchBy,
  batchOf,
  CLOUD_EVENT,
  EVENTS,
  journalPage,
  NOTIFICATION,
  OBSERVABILITY,
  PUSH,
  PUSHED,
  WEBHOOK,
} from '../../test/support/delivery-samples.js';
import type { EventsSource } from '../contracts/connections.js';
import { type OwnEvent, ownBatch } from '../contracts/own-event.js';
import { type BatchReading, OWN, readBatch } from './read-batch.js';

const ITEMS = [ACTIVITY, AUDIT, AUDIT_V1, NOTIFICATION, OBSERVABILITY];

function journal(...events: unknown[]): BatchReading {
  return readBatch(batchBy('journal', 'adobe', journalPage(...events)), ADOBE);
}

function reasons({ unreadable }: BatchReading): string[] {
  return unreadable.map(({ reason }) => reason);
}

describe('a page of the journal', () => {
  it('holds the events that the webhook brings, whole or without their wrapping', () => {
    const pushed = readBatch(batchOf('adobe', ITEMS), ADOBE);
    expect(pushed.unreadable).toEqual([]);
    expect(journal(...ITEMS)).toEqual(pushed);
    const { eventid, event } = AUDIT;
    expect(journal({ eventid, ...event }).events).toEqual([pushed.events[1]]);
    const outside = { position: 'p', eventid, event: { ...event } };
    const page = { events: [outside] };
    expect(readBatch(batchBy('journal', 'adobe', page), ADOBE).events).toEqual([pushed.events[1]]);
  });

  it('is read like the webhook’s deliveries whatever the events carry', () => {
    const members = fc.constantFrom('eventid', 'event_id', 'id', 'type', 'time', 'data', 'extra');
    const change = fc.dictionary(members, fc.oneof(fc.string(), fc.integer(), fc.constant(undefined)));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...ITEMS), change), { maxLength: 5 }), (changed) => {
        const items = changed.map(([item, changes]) => ({ ...item, ...changes }));
        const pushed = readBatch(batchOf('adobe', items), ADOBE);
        const pulled = journal(...items);
        expect(pulled.events).toEqual(pushed.events);
        expect(reasons(pulled)).toEqual(reasons(pushed));
      }),
    );
  });

  it('takes an event that names no recipient, since we pulled it, and none that names another', () => {
    const { events, unreadable } = journal(
      { ...ACTIVITY, recipientclientid: undefined },
      { ...ACTIVITY, recipientclientid: 'somebody' },
      { ...AUDIT, recipient_client_id: 'somebody' },
      NOTIFICATION,
    );
    expect(events).toHaveLength(2);
    expect(unreadable.map(({ at }) => at)).toEqual(['0/events/1', '0/events/2']);
    expect(unreadable[0]?.reason).toContain('another recipient ("somebody")');
    expect(JSON.parse(unreadable[0]?.raw ?? '')).toHaveProperty('position', 'moose:1:of-a-page');
  });

  it.each([[ACTIVITY], [[ACTIVITY]], [{}], [{ events: {} }], [null]])('is none: %#', (body) => {
    const { events, unreadable } = readBatch(batchBy('journal', 'adobe', body), ADOBE);
    expect(events).toEqual([]);
    expect(unreadable).toEqual([
      expect.objectContaining({
        at: '0',
        reason: expect.stringContaining('no page of the journal') as string,
      }),
    ]);
  });

  it('accounts for each of its entries, whatever they are', () => {
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.record({
        position: fc.string(),
        event: fc.oneof(fc.jsonValue(), fc.constantFrom<object>(...ITEMS)),
      }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (events) => {
        const reading = readBatch(batchBy('journal', 'adobe', { events }), ADOBE);
        expect(reading.events.length + reading.unreadable.length).toBe(events.length);
      }),
    );
  });
});

describe('an import', () => {
  it('has the usual shapes', () => {
    const unaddressed = { ...ACTIVITY, recipientclientid: undefined };
    const read = (
      kind: 'adobe' | 'marketo' | 'events',
      source: typeof ADOBE | typeof PUSH | typeof EVENTS,
      body: unknown,
    ) => readBatch(batchBy('import', kind, body), source);
    expect(read('adobe', ADOBE, [...ITEMS, unaddressed]).events).toHaveLength(6);
    expect(read('marketo', PUSH, PUSHED).events).toEqual(read('adobe', ADOBE, ACTIVITY).events);
    expect(read('events', EVENTS, CLOUD_EVENT).events).toHaveLength(1);
    expect(reasons(read('adobe', ADOBE, { ...ACTIVITY, recipientclientid: 'somebody' }))).toEqual([
      expect.stringContaining('another recipient'),
    ]);
  });
});

describe('the webhook of another vendor', () => {
  it('is a CloudEvent by now, whose type must not be reserved', () => {
    const read = (event: unknown) => readBatch(batchOf('webhook', event), WEBHOOK);
    expect(read(CLOUD_EVENT).events).toMatchObject([
      { id: 'a-source//crm/accounts#e-1', stream: 'external' },
    ]);
    for (const type of ['marketo.activity.clicklink', 'signalman.stream.silent'])
      expect(reasons(read({ ...CLOUD_EVENT, type }))).toEqual([expect.stringContaining('reserved')]);
  });
});

describe('the engine’s own events', () => {
  const own = { ...CLOUD_EVENT, type: 'signalman.stream.silent', source: 'signalman' };
  const batch = (event: unknown) => ({ ...batchBy('engine', 'signalman', event), source: 'signalman' });

  it('have a stream of their own', () => {
    expect(readBatch(batch(own), OWN)).toMatchObject({
      events: [
        { id: 'signalman/signalman#e-1', type: own.type, stream: 'signalman', connection: 'signalman' },
      ],
      unreadable: [],
    });
  });

  it.each(['marketo.activity.clicklink', 'com.adobe.x', 'signalman', 'a b'])(
    'cannot be of the type %s',
    (type) => {
      expect(reasons(readBatch(batch({ ...own, type }), OWN))).toEqual([
        'Signalman makes no events of this type.',
      ]);
    },
  );

  const emitted: OwnEvent = {
    type: 'acme.lead.hot',
    identity: ['e1'],
    subject: 'a form',
    at: Date.parse('2026-05-04T10:00:00Z'),
    receivedAt: Date.parse('2026-05-04T10:00:07Z'),
    data: { score: 85 },
    leadId: '7',
    munchkinId: '123-ABC-456',
    cause: { via: 'emit', ruleId: 'leads/score', eventId: '123-ABC-456:1', effectId: 'e1', depth: 2 },
  };

  it('may be of any other type where a rule emits them, about a lead and with the firing that they came from', () => {
    const { events, unreadable } = readBatch(ownBatch(emitted), OWN);
    expect(unreadable).toEqual([]);
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^signalman\/\/signalman#[0-9a-f]{32}$/) as string,
        type: 'acme.lead.hot',
        connection: 'signalman',
        source: '/signalman',
        subject: 'a form',
        time: '2026-05-04T10:00:00.000Z',
        receivedAt: '2026-05-04T10:00:07.000Z',
        stream: 'external',
        leadId: '7',
        munchkinId: '123-ABC-456',
        data: { score: 85 },
        attributes: {},
        oddities: [],
        cause: emitted.cause,
      },
    ]);
  });

  it('are the same event when they are told again, whenever that is', () => {
    const again = { ...emitted, receivedAt: emitted.at + 86_400_000, data: {} };
    const other = { ...emitted, identity: ['e2'] };
    const ids = [emitted, again, other].map((own) => readBatch(ownBatch(own), OWN).events[0]?.id);
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
  });

  it('have nothing that another sender could claim: no lead, no instance, no cause', () => {
    const [body] = ownBatch(emitted).bodies;
    const forged = JSON.parse(String(body)) as object;
    const { events, unreadable } = readBatch(batchOf('events', forged), EVENTS);
    expect(unreadable).toEqual([]);
    expect(events).toMatchObject([{ type: 'acme.lead.hot', stream: 'external' }]);
    for (const member of ['cause', 'leadId', 'munchkinId']) expect(events[0]).not.toHaveProperty(member);
  });

  it('come from nobody else', () => {
    expect(reasons(readBatch(batchOf('events', own), OWN))).toEqual([
      'It came to a source of kind events, which is now signalman.',
    ]);
  });
});

describe('sources that are bound to Marketo instances', () => {
  const adobe = { ...ADOBE, munchkinIds: ['999-ZZZ-999', '123-abc-456'] };
  const other = { ...ACTIVITY, data: { ...ACTIVITY.data, munchkinId: '777-BAD-777' } };
  const nameless = { ...ACTIVITY, data: { ...ACTIVITY.data, munchkinId: undefined } };

  it('take those, by either transport', () => {
    expect(readBatch(batchOf('adobe', ITEMS), adobe).unreadable).toEqual([]);
    expect(
      readBatch(batchOf('marketo', PUSHED), { ...PUSH, munchkinIds: ['123-ABC-456'] }).unreadable,
    ).toEqual([]);
  });

  it('quarantine what is of another instance, and say what to change', () => {
    const reading = readBatch(batchOf('adobe', [other, ACTIVITY]), adobe);
    expect(reading.events).toHaveLength(1);
    expect(reading.unreadable).toEqual([
      expect.objectContaining({
        at: '0/0',
        raw: JSON.stringify(other),
        reason:
          'It is of the Marketo instance "777-BAD-777", and source a-source takes 999-ZZZ-999, 123-abc-456 only: ' +
          'add the instance to its munchkinIds if it is yours.',
      }),
    ]);
    const push = { ...PUSH, munchkinIds: ['999-ZZZ-999'] };
    expect(reasons(readBatch(batchOf('marketo', PUSHED), push))).toEqual([
      expect.stringContaining('instance "123-ABC-456", and source a-source takes 999-ZZZ-999 only'),
    ]);
  });

  it('quarantine lead activities of no instance, and take other events of none', () => {
    const audit = { ...AUDIT_V1, event: { ...AUDIT_V1.event, data: { componentId: 1 } } };
    const reading = readBatch(batchOf('adobe', [nameless, audit]), adobe);
    expect(reading.events).toMatchObject([{ stream: 'user-audit' }]);
    expect(reasons(reading)).toEqual([expect.stringContaining('It names no Marketo instance')]);
  });

  it('take all when they are bound to none', () => {
    expect(readBatch(batchOf('adobe', [other, nameless]), ADOBE).events).toHaveLength(2);
  });

  it('go by the instance of the message around a pushed activity, which an activity cannot change', () => {
    const activities = [{ ...PUSHED.activities[0], munchkinId: '123-ABC-456' }];
    const push = { ...PUSHED, munchkinId: '777-BAD-777', activities };
    expect(readBatch(batchOf('marketo', push), { ...PUSH, munchkinIds: ['123-ABC-456'] }).events).toEqual([]);
  });
});

describe('events sources that are bound to senders', () => {
  const from = (source: string, allowedSources?: readonly string[]): BatchReading => {
    const connection: EventsSource = {
      ...EVENTS,
      ...(allowedSources === undefined ? {} : { allowedSources }),
    };
    return readBatch(batchOf('events', { ...CLOUD_EVENT, source }), connection);
  };

  it.each([
    ['/crm/accounts', ['/crm/accounts'], true],
    ['/crm/accounts', ['/crm/*'], true],
    ['/crm/accounts', ['*'], true],
    ['/crm/accounts', ['/shop', '/crm/*'], true],
    ['/crm/accounts', undefined, true],
    ['/crm/accounts', ['/crm'], false],
    ['/crm/accounts', ['/CRM/*'], false],
    ['/crm*', ['/crm.'], false],
    ['/crm/accounts', ['/*/accounts'], false],
  ])('%s by %j: %p', (source, allowed, taken) => {
    expect(from(source, allowed).events).toHaveLength(taken ? 1 : 0);
  });

  it('say what to change', () => {
    expect(reasons(from('/shop', ['/crm/*']))).toEqual([
      'Its source is "/shop", and source a-source takes /crm/* only: add it to its allowedSources if it may send.',
    ]);
  });

  it('take exactly what begins alike', () => {
    const text = fc.string({ minLength: 1 }).filter((value) => !value.includes('*'));
    fc.assert(
      fc.property(text, text, (prefix, source) => {
        expect(from(source, [`${prefix}*`]).events.length === 1).toBe(source.startsWith(prefix));
        expect(from(prefix + source, [`${prefix}*`]).events).toHaveLength(1);
      }),
    );
  });
});
