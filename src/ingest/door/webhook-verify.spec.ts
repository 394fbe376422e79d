import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import type { HmacCheck, SharedSecretCheck, StandardWebhooksCheck } from '../../contracts/connections.js';
import { verificationProblem } from './webhook-verify.js';

const NOW = Date.now();
const BODY = Buffer.from('{"text":"Grüße"}');
const minutes = (from: number): string => String(Math.floor(NOW / 1_000) + from * 60);
const hmac = (key: string, ...parts: (string | Buffer)[]): string =>
  createHmac('sha256', key)
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest('hex');

describe('an HMAC in a header', () => {
  const github: HmacCheck = {
    scheme: 'hmac',
    secrets: ['new secret', 'old secret'],
    header: 'X-Hub-Signature-256',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: 'sha256=',
    signed: '{body}',
  };
  const problem = (signature: string | undefined, body = BODY, check = github): string | undefined =>
    verificationProblem(check, { headers: { 'x-hub-signature-256': signature }, body }, NOW);
  const good = `sha256=${hmac('new secret', BODY)}`;

  it.each([
    ['the first secret', good],
    ['the second, while it is being changed', `sha256=${hmac('old secret', BODY)}`],
    ['capital letters', good.toUpperCase().replace('SHA256', 'sha256')],
    ['one of several signatures', `sha256=${hmac('gone', BODY)},${good}`],
    ['a header that came twice', `${good}, sha256=00`],
  ])('is good: %s', (_case, signature) => {
    expect(problem(signature)).toBeUndefined();
  });

  it.each([
    ['no header', undefined],
    ['an empty one', ''],
    ['a huge one', `${good},`.repeat(100)],
    ['another secret', `sha256=${hmac('another', BODY)}`],
    ['an empty secret', `sha256=${hmac('', BODY)}`],
    ['no prefix', hmac('new secret', BODY)],
    ['the prefix alone', 'sha256='],
    ['another prefix', `sha1=${hmac('new secret', BODY)}`],
    ['half of it', good.slice(0, 40)],
    ['more than it', `${good}00`],
    ['what is no hexadecimal after it', `${good}zz`],
    ['spaces', 'sha256=      '],
  ])('is refused: %s', (_case, signature) => {
    expect(problem(signature)).toEqual(expect.any(String));
  });

  it('is good in base64, by another algorithm', () => {
    const check: HmacCheck = { ...github, algorithm: 'sha512', encoding: 'base64', prefix: '' };
    const signature = createHmac('sha512', 'old secret').update(BODY).digest('base64');
    expect(problem(signature, BODY, check)).toBeUndefined();
    expect(problem(signature.toLowerCase(), BODY, check)).toEqual(expect.any(String));
  });

  it('is good behind a word and a space', () => {
    const check: HmacCheck = { ...github, encoding: 'base64', prefix: 'HMAC ' };
    const signature = createHmac('sha256', 'new secret').update(BODY).digest('base64');
    expect(problem(`HMAC ${signature}`, BODY, check)).toBeUndefined();
    expect(problem(signature, BODY, check)).toEqual(expect.any(String));
  });

  it('is refused for any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const body = Buffer.from(bytes);
        expect(problem(good, body) === undefined).toBe(body.equals(BODY));
      }),
    );
  });

  describe('over a text with the time of sending', () => {
    const slack: HmacCheck = {
      ...github,
      header: 'x-slack-signature',
      prefix: 'v0=',
      signed: 'v0:{header.x-slack-request-timestamp}:{body}',
      timestampHeader: 'X-Slack-Request-Timestamp',
    };
    const sent = (at: string | undefined, signedAt = at): string | undefined => {
      const signature = `v0=${hmac('new secret', `v0:${signedAt ?? ''}:`, BODY)}`;
      const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': at };
      return verificationProblem(slack, { headers, body: BODY }, NOW);
    };

    it.each([0, -4, 4])('is good %i minutes from now', (from) => {
      expect(sent(minutes(from))).toBeUndefined();
    });

    it.each([
      ['six minutes ago', minutes(-6)],
      ['in six minutes', minutes(6)],
      ['in milliseconds', String(NOW)],
      ['no number', 'now'],
      ['empty', ''],
      ['negative', '-1'],
      ['in another writing', '1e9'],
    ])('is refused when the time is %s', (_case, at) => {
      expect(sent(at)).toContain('x-slack-request-timestamp');
    });

    it('is refused when the time is missing, or is another than was signed', () => {
      expect(sent(undefined)).toContain('x-slack-request-timestamp');
      expect(sent(minutes(0), minutes(-1))).toBe('no signature fits these bytes');
    });

    it('is refused when a header that was to be signed is missing', () => {
      const check: HmacCheck = { ...github, signed: '{header.x-request-id}.{body}' };
      expect(problem(good, BODY, check)).toContain('is missing');
    });
  });
});

describe('Standard Webhooks', () => {
  const [first, second] = [
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  ];
  const check: StandardWebhooksCheck = { scheme: 'standard-webhooks', secrets: [first, second] };
  const sent = (
    more: Record<string, string | undefined> = {},
    secret = first,
    at = new Date(),
    body = BODY,
  ) => {
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', at, BODY.toString()),
      ...more,
    };
    return verificationProblem(check, { headers, body }, NOW);
  };

  it('are good with either secret, and with one good signature of several', () => {
    expect(sent()).toBeUndefined();
    expect(sent({}, second)).toBeUndefined();
    const signature = new Webhook(first).sign('msg_1', new Date(), BODY.toString());
    expect(sent({ 'webhook-signature': `v1,AAAA v2,BBBB ${signature}` })).toBeUndefined();
  });

  it.each([
    ['another secret', {}, 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 0],
    ['another id than was signed', { 'webhook-id': 'msg_2' }, first, 0],
    ['no id', { 'webhook-id': undefined }, first, 0],
    ['no time', { 'webhook-timestamp': undefined }, first, 0],
    ['a time that is none', { 'webhook-timestamp': 'now' }, first, 0],
    ['no signature', { 'webhook-signature': '' }, first, 0],
    ['the version alone', { 'webhook-signature': 'v1,' }, first, 0],
    ['no version', { 'webhook-signature': 'AAAA' }, first, 0],
    ['a huge signature', { 'webhook-signature': 'v1,AAAA '.repeat(1_000) }, first, 0],
    ['six minutes ago', {}, first, -6],
    ['in six minutes', {}, first, 6],
  ])('are refused: %s', (_case, more, secret, from) => {
    expect(sent(more, secret, new Date(Date.now() + from * 60_000))).toEqual(expect.any(String));
  });

  it('are refused for other bytes that come to the same text', () => {
    const replaced = Buffer.from('{"text":"\uFFFD"}');
    const invalid = Buffer.from([...Buffer.from('{"text":"'), 0xff, ...Buffer.from('"}')]);
    const signature = new Webhook(first).sign('msg_1', new Date(), replaced.toString());
    expect(sent({ 'webhook-signature': signature }, first, new Date(), replaced)).toBeUndefined();
    expect(sent({ 'webhook-signature': signature }, first, new Date(), invalid)).toContain('UTF-8');
  });
});

describe('a secret in a header', () => {
  const check: SharedSecretCheck = { scheme: 'shared-secret', header: 'X-Secret', secrets: ['one', 'two'] };
  const problem = (header: SharedSecretCheck['header'], value: string | undefined) =>
    verificationProblem(
      { ...check, header },
      { headers: { [header.toLowerCase()]: value }, body: BODY },
      NOW,
    );

  it('is good when it is one of them, and in Authorization with or without Bearer', () => {
    for (const [header, value] of [
      ['X-Secret', 'one'],
      ['X-Secret', 'two'],
      ['Authorization', 'Bearer two'],
      ['Authorization', 'two'],
    ] as const)
      expect(problem(header, value)).toBeUndefined();
  });

  it.each([undefined, '', 'on', 'one ', 'onetwo', 'Bearer one', 'three'])('is refused: %p', (value) => {
    expect(problem('X-Secret', value)).toContain('x-secret');
  });
});
