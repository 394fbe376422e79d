import fc from 'fast-check';
import type { EventMapping, WebhookSource } from '../../contracts/connections.js';
import { toCloudEvent } from './event-mapping.js';

const BODY = {
  action: 'opened',
  at: { time: '2026-05-04T10:00:00Z', seconds: 1777888800, precise: '1777888800.25', millis: 1777888800123 },
  items: [{ 'a name': 'first' }],
  payload: { n: 1 },
};
const HEADERS = {
  'x-github-event': 'issues',
  'x-github-delivery': 'd-1',
  'x-hub-signature-256': 'sha256=feed',
  authorization: 'Bearer secret',
  cookie: 'session=secret',
  'x-api-key': 'secret',
};

function mapped(event: Partial<EventMapping>, body: unknown = BODY): Record<string, unknown> {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const source: WebhookSource = {
    kind: 'webhook',
    event: { type: 'com.acme.x', ...event },
    verify: {
      scheme: 'hmac',
      secrets: ['s'],
      header: 'X-Hub-Signature-256',
      algorithm: 'sha256',
      encoding: 'hex',
      prefix: '',
      signed: '{body}',
    },
  };
  return JSON.parse(toCloudEvent('github', source, HEADERS, bytes).toString()) as Record<string, unknown>;
}

describe('mapping a webhook to a CloudEvent', () => {
  it('fills every attribute from body and headers', () => {
    const event = mapped({
      id: '{header.X-GitHub-Delivery}',
      type: 'com.github.{header.x-github-event}.{$.action}',
      source: '/github/{$.payload.n}',
      subject: "{$.items[0]['a name']}",
      time: '{$.at.time}',
      data: '$.payload',
    });
    expect(event).toEqual({
      specversion: '1.0',
      id: 'd-1',
      type: 'com.github.issues.opened',
      source: '/github/1',
      subject: 'first',
      time: '2026-05-04T10:00:00Z',
      datacontenttype: 'application/json',
      data: { n: 1 },
    });
  });

  it('takes the name of the connection, the hash of the bytes and the whole body where nothing is said', () => {
    const event = mapped({});
    expect(event).toMatchObject({
      source: 'github',
      data: BODY,
      id: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(event).not.toHaveProperty('time');
    expect(mapped({})['id']).toBe(event['id']);
    expect(mapped({}, { ...BODY, action: 'closed' })['id']).not.toBe(event['id']);
  });

  it.each([
    ['{$.at.seconds}', '2026-05-04T10:00:00.000Z'],
    ['{$.at.precise}', '2026-05-04T10:00:00.250Z'],
    ['{$.at.millis}', '2026-05-04T10:00:00.123Z'],
  ])('reads the time %s', (time, expected) => {
    expect(mapped({ time })['time']).toBe(expected);
  });

  it('leaves out a subject and a time that are not there', () => {
    const event = mapped({ subject: '{$.none}', time: '{$.none}' });
    expect(Object.keys(event)).toEqual(['specversion', 'id', 'type', 'source', 'datacontenttype', 'data']);
  });

  it.each<[Partial<EventMapping>, string]>([
    [{ type: 'com.{$.none}' }, '{$.none}'],
    [{ type: '{$.payload}' }, '{$.payload}'],
    [{ id: '{header.x-none}' }, '{header.x-none}'],
    [{ source: '{$.items[7]}' }, '{$.items[7]}'],
    [{ data: '$.none' }, '$.none'],
    [{ type: '{$.constructor.name}' }, '{$.constructor.name}'],
    [{ type: '{$.__proto__}' }, '{$.__proto__}'],
    [{ id: '{header.constructor}' }, '{header.constructor}'],
    [{ id: '{header.authorization}' }, '{header.authorization}'],
    [{ id: '{header.cookie}' }, '{header.cookie}'],
    [{ id: '{header.x-api-key}' }, '{header.x-api-key}'],
    [{ id: '{header.x-hub-signature-256}' }, '{header.x-hub-signature-256}'],
  ])('refuses %j with 400, naming %s', (event, named) => {
    expect(() => mapped(event)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(named) as string }) as Error,
    );
  });

  it.each([
    ['no JSON', 'a=1', 'not JSON'],
    ['two values', '{}{}', 'not JSON'],
    ['no value', ' ', 'not JSON'],
    ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000), 'nested deeper'],
  ])('refuses %s with 400', (_case, body, named) => {
    expect(() => mapped({}, body)).toThrow(named);
  });

  it('keeps numbers and names as the sender wrote them', () => {
    const body = '\uFEFF {"n":12345678901234567890,"e":1e400,"__proto__":{"polluted":true}} ';
    const source: WebhookSource = { kind: 'webhook', insecure: true, event: { type: 'a.b' } };
    const text = toCloudEvent('crm', source, {}, Buffer.from(body)).toString();
    expect(text).toContain('"n":12345678901234567890,"e":1e400,"__proto__":{"polluted":true}');
  });

  it('makes one JSON object of whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        expect(mapped({ id: '1' }, text)).toMatchObject({ id: '1', type: 'com.acme.x', source: 'github' });
        expect(JSON.stringify(mapped({}, text)['data'])).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});
