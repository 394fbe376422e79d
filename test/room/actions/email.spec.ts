import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { simpleParser } from 'mailparser';
import { EmailAction } from '../../../src/actions/email/email.action.js';
import { systemClock } from '../../../src/contracts/clock.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SmtpStandIn, type MailFault } from '../../../src/sandbox/smtp-stand-in.js';
import { ServedRecipients } from '../../../src/state/served-recipients.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const effect = effectOf('email', { to: 'there', subject: 'Quota', text: 'Plain.', html: '<b>Rich.</b>' });

describe('the email action', () => {
  const mail = new SmtpStandIn('p4ss');
  let redis: RedisForTest;
  let connections: RedisConnections;
  let action: EmailAction;

  beforeAll(async () => {
    await mail.listen('127.0.0.1', 0);
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
  });
  beforeEach(async () => {
    await connections.forWorkers().flushall();
    action = new EmailAction(systemClock, new ServedRecipients(connections));
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

  it('sends text and HTML with the identity of the effect as its Message-ID', async () => {
    const receipt = await action.send(attemptAt(mail.destination(), effect));
    expect(receipt.summary).toMatch(/^250 .*\(1 of 1 recipients\)$/);
    expect(receipt.skipped).toBeUndefined();
    const parsed = await simpleParser(mail.messages.last?.source ?? '');
    expect(parsed).toMatchObject({ subject: 'Quota', messageId: `<${effect.id}@acme.example>` });
    expect(parsed.text?.trim()).toBe('Plain.');
    expect(parsed.html).toBe('<b>Rich.</b>');
    expect(parsed.date?.toISOString()).toBe('2026-03-04T05:06:07.000Z');
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('reads a subject of nothing but spaces in no time', async () => {
    const subject = `${' '.repeat(300_000)}x`;
    await action.send(attemptAt(mail.destination(), effectOf('email', { to: 'there', subject, text: 't' })));
    expect(mail.messages.last).toBeDefined();
  });

  it('lets nobody add a header through the subject', async () => {
    const subject = 'Hello\r\nBcc: everyone@acme.example\r\n\r\nBody';
    await action.send(attemptAt(mail.destination(), effectOf('email', { to: 'there', subject, text: 't' })));
    const parsed = await simpleParser(mail.messages.last?.source ?? '');
    expect(parsed.headers.has('bcc')).toBe(false);
    expect(parsed.subject).toBe('Hello Bcc: everyone@acme.example Body');
    expect(mail.messages.last?.to).toEqual(['oncall@acme.example']);
  });

  it('reads no file that a parameter names', async () => {
    const bent = effectOf('email', { to: 'there', subject: 's', html: { path: '/etc/hostname' } });
    const failure = await failureOf(action.send(attemptAt(mail.destination(), bent)));
    expect(failure).toMatchObject({ code: 'params.invalid', retry: { kind: 'never' } });
    expect(mail.messages.size).toBe(0);
  });

  it('names the recipients that were refused while others were served', async () => {
    mail.failNext({ at: 'rcpt', responseCode: 550, message: 'No such user' });
    const two = { ...mail.destination(), to: ['gone@acme.example', 'oncall@acme.example'] };
    const receipt = await action.send(attemptAt(two, effect));
    expect(receipt.summary).toMatch(/\(1 of 2 recipients\)$/);
    expect(receipt.skipped).toEqual([expect.stringMatching(/^gone@acme\.example: .*550 No such user/)]);
  });

  it('tries again for those alone who were put off', async () => {
    const recipient = 'Busy <busy@acme.example>';
    const to = ['gone@acme.example', recipient, 'oncall@acme.example'];
    const three = { ...mail.destination(), to };
    const refusals = [
      { recipient: 'busy@acme.example', responseCode: 450, message: 'Greylisted', times: 2 },
      { recipient: 'gone@acme.example', responseCode: 550, message: 'No such user', times: 3 },
    ];
    for (const refusal of refusals) mail.failNext({ at: 'rcpt', ...refusal });
    const failure = await failureOf(action.send(attemptAt(three, effect)));
    expect(failure).toMatchObject({
      code: 'smtp.450',
      retry: { kind: 'backoff' },
      outcomeUnknown: false,
      destination: undefined,
      message: expect.stringMatching(
        /^1 of 3 recipients have it; to be tried again: busy@acme\.example: .*450 Greylisted/,
      ) as string,
    });
    // All of them are refused now, and one for a while.
    expect(await failureOf(action.send(attemptAt(three, effect)))).toMatchObject({ code: 'smtp.450' });
    const receipt = await action.send(attemptAt(three, effect));
    expect(receipt.summary).toMatch(/\(2 of 3 recipients\)$/);
    expect(receipt.skipped).toEqual([expect.stringMatching(/^gone@acme\.example: .*550 No such user/)]);
    expect(mail.messages.all().map((message) => message.to)).toEqual([
      ['oncall@acme.example'],
      ['busy@acme.example'],
    ]);
    expect(new Set(mail.messages.all().map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('has nothing to do when everybody has it', async () => {
    await new ServedRecipients(connections).add(effect.id, mail.destination().to);
    expect(await action.send(attemptAt(mail.destination(), effect))).toEqual({
      summary: 'every recipient has it',
    });
    expect(mail.messages.size).toBe(0);
  });

  it('says of the server, of its log-in and of a lost connection that they are about the whole destination', async () => {
    const destinationOf = async (fault: MailFault, timeoutMs = 400) => {
      mail.failNext(fault);
      const { destination } = await failureOf(action.send(attemptAt(mail.destination(), effect, timeoutMs)));
      return destination;
    };
    expect(await destinationOf({ responseCode: 421 })).toBe('down');
    expect(await destinationOf({ at: 'auth', responseCode: 535 })).toBe('down');
    expect(await destinationOf({ at: 'auth', responseCode: 454 })).toBe('down');
    expect(await destinationOf({ reset: true })).toBe('down');
    expect(await destinationOf({ at: 'rcpt', responseCode: 450 })).toBeUndefined();
    expect(await destinationOf({ responseCode: 451 })).toBeUndefined();
    expect(await destinationOf({ responseCode: 554 })).toBeUndefined();
  });

  it.each([
    ['every recipient refused for good', { at: 'rcpt', responseCode: 550 }, 'smtp.550', 'never'],
    ['every recipient put off', { at: 'rcpt', responseCode: 450 }, 'smtp.450', 'backoff'],
    ['the mail refused for good', { responseCode: 554 }, 'smtp.554', 'never'],
    ['the mail put off', { responseCode: 451 }, 'smtp.451', 'backoff'],
    ['the log-in refused', { at: 'auth', responseCode: 535 }, 'smtp.535', 'backoff'],
    ['the log-in put off', { at: 'auth', responseCode: 454 }, 'smtp.454', 'backoff'],
  ] as const)('knows what to do with %s', async (_name, fault, code, kind) => {
    mail.failNext(fault);
    const failure = await failureOf(action.send(attemptAt(mail.destination(), effect)));
    expect(failure).toMatchObject({ code, retry: { kind }, outcomeUnknown: false });
    expect(failure.message).not.toContain('p4ss');
    expect(mail.messages.size).toBe(0);
  });

  it('goes on after a refusal', async () => {
    mail.failNext({ responseCode: 554 });
    await failureOf(action.send(attemptAt(mail.destination(), effect)));
    await action.send(attemptAt(mail.destination(), effect));
    expect(mail.messages.size).toBe(1);
  });

  it.each([
    ['is cut after the mail was sent', { reset: true }],
    ['is cut although the mail was taken', { reset: true, afterEffect: true }],
    ['hangs after the mail was sent', { hang: true }],
  ])('does not know the outcome when the connection %s', async (_name, fault) => {
    mail.failNext(fault);
    const failure = await failureOf(action.send(attemptAt(mail.destination(), effect, 400)));
    expect(failure).toMatchObject({ retry: { kind: 'backoff' }, outcomeUnknown: true });
  });

  it.each([
    ['hangs before the mail was sent', { at: 'rcpt', hang: true }],
    ['is cut before the mail was sent', { at: 'rcpt', reset: true }],
  ] as const)('knows that nothing was sent when the connection %s', async (_name, fault) => {
    mail.failNext(fault);
    const failure = await failureOf(action.send(attemptAt(mail.destination(), effect, 400)));
    expect(failure).toMatchObject({ retry: { kind: 'backoff' }, outcomeUnknown: false });
  });

  it('knows that nothing was sent when nobody listens or nobody greets', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const smtpUrl = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const unanswered = await failureOf(
      action.send(attemptAt({ ...mail.destination(), smtpUrl }, effect, 200)),
    );
    sockets.forEach((socket) => socket.destroy());
    silent.close();
    await once(silent, 'close');
    const unreached = await failureOf(action.send(attemptAt({ ...mail.destination(), smtpUrl }, effect)));
    for (const failure of [unanswered, unreached]) {
      expect(failure).toMatchObject({ retry: { kind: 'backoff' }, outcomeUnknown: false });
    }
  });

  it('sends many mails at once over few connections', async () => {
    const many = Array.from({ length: 20 }, (_, i) =>
      action.send(attemptAt(mail.destination(), effectOf('email', { ...effect.params }, { id: `e${i}` }))),
    );
    await Promise.all(many);
    expect(
      new Set(mail.messages.all().map(({ source }) => /^Message-ID: (.*)$/im.exec(source)?.[1])).size,
    ).toBe(20);
  });
});
