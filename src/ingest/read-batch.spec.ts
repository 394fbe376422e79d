import {
  ACTIVITY,
  ADOBE,
  AUDIT,
  AUDIT_V1,
  batchOf,
  CLIENT_ID,
  CLOUD_EVENT,
  EVENTS,
  GUID,
  NOTIFICATION,
  OBSERVABILITY,
  PUSH,
  PUSHED,
  RECEIVED,
} from '../../test/support/delivery-samples.js';
import type { CanonicalEvent } from '../contracts/event.js';
import { readBatch } from './read-batch.js';

function adobe(...items: unknown[]): ReturnType<typeof readBatch> {
  return readBatch(batchOf('adobe', items), ADOBE);
}

function only(reading: ReturnType<typeof readBatch>): CanonicalEvent {
  expect(reading.unreadable).toEqual([]);
  expect(reading.events).toHaveLength(1);
  return reading.events[0] as CanonicalEvent;
}

describe('reading a stored batch', () => {
  it('reads a lead activity of Adobe I/O', () => {
    expect(only(readBatch(batchOf('adobe', ACTIVITY), ADOBE))).toEqual({
      id: `123-ABC-456:${GUID}`,
      type: 'marketo.activity.clicklink',
      connection: 'a-source',
      source: 'urn:marketo_activity_stream',
      time: '2026-05-04T09:59:58Z',
      receivedAt: RECEIVED,
      stream: 'lead-activity',
      munchkinId: '123-ABC-456',
      leadId: '5001',
      data: ACTIVITY.data,
      attributes: { 'Link ID': 44, 'Client IP Address': '203.0.113.9' },
      oddities: [],
    });
  });

  it('makes the same event of one activity, whichever transport brought it', () => {
    expect(only(readBatch(batchOf('marketo', PUSHED), PUSH))).toEqual(only(adobe(ACTIVITY)));
  });

  it.each([
    [
      'user audit',
      AUDIT,
      'io-audit-1',
      'marketo.audit.user.email',
      'user-audit',
      '2026-05-04T09:20:42.755Z',
      ['odd-time'],
    ],
    [
      'user audit V1.0',
      AUDIT_V1,
      'io-audit-2',
      'marketo.audit.user.email',
      'user-audit',
      '2020-05-28T19:20:47.280Z',
      [],
    ],
    [
      'notification',
      NOTIFICATION,
      'io-notice-1',
      'marketo.notification.web_services',
      'notification',
      '2021-05-27T15:22:37.489Z',
      ['odd-time'],
    ],
    [
      'observability',
      OBSERVABILITY,
      'io-obs-1',
      'marketo.observability.status',
      'observability',
      '2026-05-04T09:00:00Z',
      [],
    ],
  ])('reads %s, single and in a batch', (_name, item, id, type, stream, time, oddities) => {
    const single = only(readBatch(batchOf('adobe', item), ADOBE));
    expect(single).toMatchObject({
      id,
      type,
      stream,
      time,
      oddities,
      munchkinId: '123-ABC-456',
      attributes: {},
    });
    expect(single.leadId).toBeUndefined();
    expect(adobe(item, item).events).toEqual([single, single]);
  });

  it('reads a CloudEvent of any system', () => {
    expect(only(readBatch(batchOf('events', CLOUD_EVENT), EVENTS))).toEqual({
      id: 'a-source//crm/accounts#e-1',
      type: 'com.acme.crm.account.updated',
      connection: 'a-source',
      source: '/crm/accounts',
      subject: 'account/9',
      time: '2026-05-04T09:00:00.250Z',
      receivedAt: RECEIVED,
      stream: 'external',
      data: { name: 'Acme', tier: 2 },
      attributes: {},
      oddities: [],
    });
  });

  it.each([
    [{ ...CLOUD_EVENT, data: ['a', 1] }, { value: ['a', 1] }],
    [{ ...CLOUD_EVENT, data: 'text' }, { value: 'text' }],
    [{ ...CLOUD_EVENT, data: null }, {}],
    [{ ...CLOUD_EVENT, data: undefined }, {}],
    [{ ...CLOUD_EVENT, data: undefined, data_base64: 'AAE=' }, { base64: 'AAE=' }],
  ])('makes an object of the data of %j', (event, data) => {
    expect(only(readBatch(batchOf('events', event), EVENTS)).data).toEqual(data);
  });

  it('takes the time of receipt for a CloudEvent without one, which nothing forbids', () => {
    const event = only(readBatch(batchOf('events', { ...CLOUD_EVENT, time: undefined }), EVENTS));
    expect(event).toMatchObject({ time: RECEIVED, untimed: true, oddities: [] });
  });

  it.each([
    [{ ...CLOUD_EVENT, id: undefined }, 'id'],
    [{ ...CLOUD_EVENT, source: '' }, 'source'],
    [{ ...CLOUD_EVENT, type: 7 }, 'type'],
    [{ ...CLOUD_EVENT, type: 'x'.repeat(257) }, 'type'],
    [{ ...CLOUD_EVENT, specversion: '0.3' }, 'specversion'],
    [{ ...CLOUD_EVENT, type: 'marketo.activity.addtolist' }, 'reserved'],
    [{ ...CLOUD_EVENT, type: 'signalman.schedule' }, 'reserved'],
  ])('refuses a CloudEvent and says why: %#', (event, word) => {
    const { events, unreadable } = readBatch(batchOf('events', [CLOUD_EVENT, event]), EVENTS);
    expect(events).toHaveLength(1);
    expect(unreadable).toEqual([
      expect.objectContaining({ at: '0/1', reason: expect.stringContaining(word) as string }),
    ]);
  });

  it('keeps the full type of what an events source says is Marketo’s, so that no rule takes it for that', () => {
    const { type, stream } = only(
      readBatch(batchOf('events', { ...CLOUD_EVENT, type: ACTIVITY.type }), EVENTS),
    );
    expect([type, stream]).toEqual([ACTIVITY.type, 'external']);
  });
});

describe('the recipient of an Adobe delivery', () => {
  const inside = (item: typeof AUDIT | typeof NOTIFICATION, members: object): unknown => ({
    ...item,
    event: { ...item.event, ...members },
  });

  it.each([
    ['top, new spelling', NOTIFICATION],
    ['top, old spelling', { ...NOTIFICATION, recipientclientid: undefined, recipient_client_id: CLIENT_ID }],
    ['inside, new spelling', AUDIT],
    ['inside, old spelling', inside(AUDIT, { recipientclientid: undefined, recipient_client_id: CLIENT_ID })],
    ['all at once', inside(NOTIFICATION, { recipientclientid: CLIENT_ID, recipient_client_id: CLIENT_ID })],
  ])('is found at the %s', (_place, item) => {
    expect(adobe(item).events).toHaveLength(1);
  });

  it.each([
    ['another one', { ...ACTIVITY, recipientclientid: 'somebody' }],
    ['none', { ...ACTIVITY, recipientclientid: undefined }],
    ['no text', { ...ACTIVITY, recipientclientid: [CLIENT_ID] }],
    ['null', { ...ACTIVITY, recipientclientid: null }],
    ['ours inside, another at the top', { ...AUDIT, recipientclientid: 'somebody' }],
    ['ours in one spelling, another in the other', { ...ACTIVITY, recipient_client_id: 'somebody' }],
    [
      'ours in the body, which the sender writes',
      { event: { body: { ...AUDIT.event.body, recipientclientid: CLIENT_ID } } },
    ],
  ])('keeps out an item with %s, and no other', (_case, item) => {
    const { events, unreadable } = adobe(ACTIVITY, item, NOTIFICATION);
    expect(events).toHaveLength(2);
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]).toMatchObject({ source: 'a-source', receivedAt: RECEIVED, at: '0/1' });
    expect(unreadable[0]?.reason).toMatch(/recipient/);
  });
});

describe('what is not as documented', () => {
  const withData = (data: object): unknown => ({ ...ACTIVITY, data: { ...ACTIVITY.data, ...data } });

  it.each([
    [
      'an unknown type',
      {
        ...ACTIVITY,
        type: 'com.adobe.platform.marketo.activity.standard.new',
        data: { ...ACTIVITY.data, activityTypeId: 9999 },
      },
      ['unknown-type'],
    ],
    [
      'a type of another product',
      { ...ACTIVITY, type: 'aem.sites.modified', id: undefined },
      ['unknown-type'],
    ],
    ['an unknown member beside the event', { ...ACTIVITY, extra: 1 }, ['unknown-member']],
    ['an unknown member of the envelope', { ...AUDIT, extra: 1 }, ['unknown-member', 'odd-time']],
    ['an unknown member of the data', withData({ extra: 1 }), ['unknown-member']],
    ['an attribute without a name', withData({ attributes: [{ value: 1 }] }), ['unknown-member']],
    ['attributes in no list', withData({ attributes: { 'Link ID': 44 } }), ['unknown-member']],
    ['no lead', withData({ leadId: undefined }), ['missing-lead']],
    ['a lead that no number names', withData({ leadId: 1.5 }), ['missing-lead']],
    ['an unreadable time', withData({ activityDate: 'soon' }), ['unreadable-time']],
    ['no id at all', { ...ACTIVITY, id: undefined, eventid: undefined }, ['missing-id']],
    ['no data', { ...ACTIVITY, data: undefined }, ['missing-lead']],
    ['data that is no object', { ...AUDIT_V1, event: { ...AUDIT_V1.event, data: 5 } }, ['unknown-member']],
  ])('survives and is told: %s', (_case, item, oddities) => {
    const event = only(adobe(item));
    expect([...event.oddities].sort()).toEqual([...oddities].sort());
    expect(event.untimed).toBe(oddities.includes('unreadable-time') ? true : undefined);
  });

  it('goes by the number of an activity where the event code is unknown', () => {
    const item = {
      ...ACTIVITY,
      type: 'com.adobe.platform.marketo.activity.standard.filloutlinkedinleadgenform',
      data: { ...ACTIVITY.data, activityTypeId: 147 },
    };
    expect(only(adobe(item))).toMatchObject({
      type: 'marketo.activity.filloutlinkedleadgenform',
      oddities: [],
    });
  });

  it('tells customers’ own activities of both transports by one type', () => {
    const custom = { activityTypeId: 100_017, activityType: 'Attended Webinar' };
    const io = {
      ...ACTIVITY,
      type: 'com.adobe.platform.marketo.activity.custom',
      data: { ...ACTIVITY.data, ...custom },
    };
    const pushed = { ...PUSHED, activities: [{ ...PUSHED.activities[0], ...custom }] };
    expect(only(adobe(io)).type).toBe('marketo.activity.custom');
    expect(only(readBatch(batchOf('marketo', pushed), PUSH))).toEqual(only(adobe(io)));
  });

  it('gives an event without an id the same one at each redelivery, and another to another event', () => {
    const bare = { ...ACTIVITY, id: undefined, eventid: undefined };
    const [first, again, other] = adobe(bare, bare, { ...bare, time: '2026-05-04T10:00:01Z' }).events;
    expect(first?.id).toMatch(/^sha256:[0-9a-f]{32}$/);
    expect(again?.id).toBe(first?.id);
    expect(other?.id).not.toBe(first?.id);
  });

  it('keeps ids short enough to be keys', () => {
    const { id } = only(readBatch(batchOf('events', { ...CLOUD_EVENT, id: 'x'.repeat(100_000) }), EVENTS));
    expect(id).toMatch(/^sha256:[0-9a-f]{32}$/);
  });

  it('finds the client’s address also under the name that was misprinted', () => {
    const item = withData({ attributes: [{ name: 'Client ID Address', value: '203.0.113.9' }] });
    expect(only(adobe(item)).attributes).toMatchObject({ 'Client IP Address': '203.0.113.9' });
  });

  it('adds members named __proto__ and changes no prototype', () => {
    const text = JSON.stringify(ACTIVITY)
      .replace('"Link ID"', '"__proto__"')
      .replace('"munchkinId"', '"__proto__":{"polluted":true},"munchkinId"');
    const { attributes, data } = only(readBatch(batchOf('adobe', text), ADOBE));
    expect(Object.keys(attributes)).toContain('__proto__');
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
    expect(data['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
