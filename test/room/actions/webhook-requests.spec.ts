import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { WebhookAction } from '../../../src/actions/webhook/webhook.action.js';
import type { GivenAnswer, SentRequest } from '../../../src/contracts/attempt.js';
import { systemClock } from '../../../src/contracts/clock.js';
import type { WebhookDestination } from '../../../src/contracts/connections.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { WebhookReceiver } from '../../../src/sandbox/webhook-receiver.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

describe('what a webhook is sent', () => {
  const secrets = [newSecret(), newSecret(), newSecret()];
  const http = new HttpClient();
  const receiver = new WebhookReceiver(secrets[1] as string);
  const action = new WebhookAction(http, systemClock);
  const effect = effectOf('webhook', { to: 'there', body: { text: 'hello' } });

  beforeAll(() => receiver.listen('127.0.0.1', 0));
  afterEach(() => {
    receiver.clear();
  });
  afterAll(async () => {
    await http.close();
    await receiver.close();
  });

  const destination = (changes: Partial<WebhookDestination> = {}): WebhookDestination => ({
    ...receiver.destination(),
    secrets,
    ...changes,
  });

  it('is verified by the reference library with every secret of a rotation and with no other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), async (value) => {
        const body = JSON.parse(JSON.stringify(value)) as JsonObject;
        await action.send(attemptAt(destination(), effectOf('webhook', { to: 'there', body })));
        const { body: text = '', headers = {} } = receiver.deliveries.last ?? {};
        const verifiedBy = (secret: string): unknown =>
          new Webhook(secret).verify(text, headers as Record<string, string>);
        for (const secret of secrets) expect(verifiedBy(secret)).toEqual(body);
        expect(() => verifiedBy(newSecret())).toThrow('No matching signature found');
      }),
      { numRuns: 50 },
    );
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('goes by %s, with its body', async (method) => {
    await action.send(attemptAt(destination({ method }), effect));
    expect(receiver.deliveries.last).toMatchObject({ method, body: '{"text":"hello"}' });
  });

  it('has the headers of the connection, and who we are', async () => {
    const headers = { authorization: 'Bearer geheim', 'x-tenant': 'acme' };
    await action.send(attemptAt(destination({ headers }), effect));
    expect(receiver.deliveries.last?.headers).toMatchObject({
      ...headers,
      'user-agent': expect.stringMatching(/^signalman\/\d+\.\d+\.\d+$/) as string,
      'content-type': 'application/json',
    });
  });

  describe('is told for the ledger', () => {
    const sent: SentRequest[] = [];
    const answered: GivenAnswer[] = [];
    const trace = {
      sent: (request: SentRequest) => sent.push(request),
      answered: (answer: GivenAnswer) => answered.push(answer),
    };
    const secretive = (): WebhookDestination =>
      destination({
        url: `${receiver.url}?key=geheim`,
        headers: { authorization: 'Bearer geheim', 'x-key': 'geheim' },
      });
    beforeEach(() => {
      sent.length = 0;
      answered.length = 0;
    });

    it('with target, headers, body and answer, and without what is secret', async () => {
      await action.send(attemptAt(secretive(), effect, 5_000, trace));
      const { headers } = receiver.deliveries.last ?? {};
      expect(sent).toEqual([
        {
          method: 'POST',
          target: `${receiver.url}?key=***`,
          headers: {
            'user-agent': headers?.['user-agent'],
            'x-key': '***',
            'content-type': 'application/json',
            'webhook-id': effect.id,
            'webhook-timestamp': headers?.['webhook-timestamp'],
          },
          body: '{"text":"hello"}',
        },
      ]);
      expect(answered).toEqual([{ status: 200, text: '{"received":true}' }]);
      expect(JSON.stringify(sent)).not.toMatch(/geheim|v1,/);
    });

    it('before the answer, so that an attempt that ends without one is told too', async () => {
      receiver.failNext({ reset: true });
      await failureOf(action.send(attemptAt(secretive(), effect, 5_000, trace)));
      expect(sent).toHaveLength(1);
      expect(answered).toEqual([]);
    });

    it('with the first two kilobytes of what an error says', async () => {
      receiver.failNext({ httpStatus: 422, body: 'no: '.repeat(2_000) });
      const failure = await failureOf(action.send(attemptAt(secretive(), effect, 5_000, trace)));
      expect(failure.code).toBe('http.422');
      expect(answered).toEqual([{ status: 422, text: 'no: '.repeat(512) }]);
    });
  });
});
