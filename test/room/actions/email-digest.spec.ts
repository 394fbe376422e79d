import { simpleParser } from 'mailparser';
import { EmailAction } from '../../../src/actions/email/email.action.js';
import type { SentRequest } from '../../../src/contracts/attempt.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { Failure } from '../../../src/contracts/failure.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SmtpStandIn } from '../../../src/sandbox/smtp-stand-in.js';
import { ServedRecipients } from '../../../src/state/served-recipients.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const DECIDED = Date.parse('2026-03-04T05:06:07Z');
const DUE = Date.parse('2026-03-04T05:15:00Z');

describe('mails that are gathered', () => {
  const mail = new SmtpStandIn('p4ss');
  let now: number;
  let redis: RedisForTest;
  let connections: RedisConnections;
  let action: EmailAction;

  beforeAll(async () => {
    await mail.listen('127.0.0.1', 0);
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
  });
  beforeEach(async () => {
    now = DUE;
    await connections.forWorkers().flushall();
    action = new EmailAction({ now: () => now }, new ServedRecipients(connections));
  });
  afterEach(() => {
    action.close();
    mail.clear();
  });
  afterAll(async () => {
    await mail.close();
    await connections.close();
    await redis.stop();
  });

  const destination = () => ({ ...mail.destination(), digestMs: 15 * 60_000 });
  const numbered = (count: number): Effect[] =>
    Array.from({ length: count }, (_, index) =>
      effectOf(
        'email',
        { to: 'there', subject: `Quota ${index}`, text: `Text ${index} <&>` },
        { id: `e${index}`, ruleId: `operations/rule-${index}` },
      ),
    );
  const sendAll = (effects: readonly Effect[]) =>
    Promise.allSettled(effects.map((effect) => action.send(attemptAt(destination(), effect))));

  it('wait for the next quarter of an hour by the clock', async () => {
    now = DECIDED;
    const [effect] = numbered(1);
    const failure = await failureOf(action.send(attemptAt(destination(), effect as Effect)));
    expect(failure).toMatchObject({
      code: 'email.digest',
      postponed: true,
      retry: { kind: 'at', at: DUE },
    });
    now = DUE - 1;
    await failureOf(action.send(attemptAt(destination(), effect as Effect)));
    expect(mail.messages.size).toBe(0);
  });

  it('go as one, each with its subject, rule and text, and each has the receipt', async () => {
    const results = await sendAll(numbered(7));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    expect(mail.messages.size).toBe(1);
    const parsed = await simpleParser(mail.messages.last?.source ?? '');
    expect(parsed.subject).toBe('7 messages from Signalman');
    for (let index = 0; index < 7; index++) {
      expect(parsed.text).toContain(
        `${index + 1}. Quota ${index}\n   operations/rule-${index}, 2026-03-04 05:06 UTC\n\nText ${index} <&>`,
      );
      expect(parsed.html).toContain(`<h2>Quota ${index}</h2>`);
    }
    expect(parsed.html).toContain('Text 3 &lt;&amp;&gt;');
    expect(parsed.headers.get('list')).toMatchObject({ id: { name: 'digest.there.signalman.acme.example' } });
  });

  it('have the same Message-ID when the same are sent again, in another order', async () => {
    const effects = numbered(3);
    await sendAll(effects);
    await sendAll([...effects].reverse());
    await sendAll(numbered(2));
    const ids = mail.messages.all().map(({ messageId }) => messageId);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('go as a mail like any other when there is one alone', async () => {
    await sendAll(numbered(1));
    expect(mail.messages.last).toMatchObject({ subject: 'Quota 0', messageId: '<e0@acme.example>' });
  });

  it('are a hundred in a mail at most', async () => {
    await sendAll(numbered(130));
    expect(mail.messages.all().map(({ subject }) => subject)).toEqual([
      '100 messages from Signalman',
      '30 messages from Signalman',
    ]);
  });

  it('all fail as the mail does', async () => {
    mail.failNext({ reset: true });
    const results = await sendAll(numbered(3));
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { outcomeUnknown: true } });
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(Failure);
    }
  });

  it('leave out those who have them when some recipients were put off', async () => {
    const two = { ...destination(), to: ['busy@acme.example', 'oncall@acme.example'] };
    mail.failNext({ at: 'rcpt', recipient: 'busy@acme.example', responseCode: 450 });
    const send = () => Promise.allSettled(numbered(2).map((effect) => action.send(attemptAt(two, effect))));
    expect((await send()).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await send()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(mail.messages.all().map(({ to }) => to)).toEqual([['oncall@acme.example'], ['busy@acme.example']]);
  });

  it('are not spoiled by one that is bent', async () => {
    const bent = effectOf('email', { to: 'there', subject: 's' }, { id: 'bent' });
    const [good, bad] = await sendAll([...numbered(1), bent]);
    expect(good).toMatchObject({ status: 'fulfilled' });
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'params.invalid' } });
  });

  it('are each told as their own part of the mail', async () => {
    const told: SentRequest[] = [];
    const trace = { sent: (request: SentRequest) => void told.push(request), answered: () => undefined };
    await Promise.all(
      numbered(2).map((effect) => action.send(attemptAt(destination(), effect, 5_000, trace))),
    );
    expect(told).toMatchObject([
      { headers: { subject: 'Quota 0' }, body: 'Text 0 <&>', together: 2 },
      { headers: { subject: 'Quota 1' }, body: 'Text 1 <&>', together: 2 },
    ]);
  });
});

describe('the pace of a recipient', () => {
  const action = new EmailAction(
    { now: () => DUE },
    { of: () => Promise.reject(new Error('not asked')), add: () => Promise.reject(new Error('not asked')) },
  );
  const effect = effectOf('email', { to: 'there', subject: 's', text: 't' });
  const destination = {
    kind: 'email',
    smtpUrl: 'smtp://mail',
    from: 'a@acme.example',
    to: ['Ops <Ops@Acme.example>', 'b@acme.example', 'ops@acme.example'],
    perRecipient: { everyMs: 60_000, burst: 2 },
  } as const;

  it('is kept by address, whatever its case', () => {
    expect(action.paces(effect, destination)).toEqual([
      { key: 'to/ops@acme.example', everyMs: 60_000, burst: 2 },
      { key: 'to/b@acme.example', everyMs: 60_000, burst: 2 },
    ]);
    expect(action.paces(effect, { ...destination, digestMs: 60_000 })).toEqual([]);
  });
});
