import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { EmailAction } from '../../../src/actions/email/email.action.js';
import { emailSchema } from '../../../src/actions/email/email.params.js';
import type { GivenAnswer, SentRequest } from '../../../src/contracts/attempt.js';
import { systemClock } from '../../../src/contracts/clock.js';
import type { EmailDestination } from '../../../src/contracts/connections.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { compileParams } from '../../../src/rules/templates/params.js';
import type { TemplateScope } from '../../../src/rules/templates/template-scope.js';
import { SmtpStandIn } from '../../../src/sandbox/smtp-stand-in.js';
import { ServedRecipients } from '../../../src/state/served-recipients.js';
import { attemptAt, effectOf } from '../../support/attempts.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const effect = effectOf('email', { to: 'there', subject: 'Quota', text: 'Plain.' });

describe('the header of a mail', () => {
  const mail = new SmtpStandIn('p4ss');
  let redis: RedisForTest;
  let connections: RedisConnections;
  let action: EmailAction;

  beforeAll(async () => {
    await mail.listen('127.0.0.1', 0);
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    action = new EmailAction(systemClock, new ServedRecipients(connections));
  });
  afterEach(() => {
    mail.clear();
  });
  afterAll(async () => {
    action.close();
    await mail.close();
    await connections.close();
    await redis.stop();
  });

  async function headersOf(more: Partial<EmailDestination> = {}) {
    await action.send(attemptAt({ ...mail.destination(), ...more }, effect));
    return mail.messages.last?.headers ?? {};
  }

  it('asks programs not to answer, and tells mail programs which rule it is of', async () => {
    expect(await headersOf()).toMatchObject({
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'list-id': '<leads.example.signalman.acme.example>',
    });
  });

  it('says how a reader unsubscribes, by mail or by one click', async () => {
    expect(await headersOf()).not.toHaveProperty('list-unsubscribe');
    const byMail = await headersOf({ unsubscribe: 'mailto:ops@acme.example?subject=unsubscribe' });
    expect(byMail['list-unsubscribe']).toBe('<mailto:ops@acme.example?subject=unsubscribe>');
    expect(byMail).not.toHaveProperty('list-unsubscribe-post');
    const page = `https://acme.example/unsubscribe?token=${'x'.repeat(800)}`;
    expect(await headersOf({ unsubscribe: page })).toMatchObject({
      'list-unsubscribe': `<${page}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
  });

  it('sends bounces where the connection says, and never to the recipients', async () => {
    await headersOf();
    expect(mail.messages.last).toMatchObject({ from: 'signalman@acme.example', to: ['oncall@acme.example'] });
    const headers = await headersOf({ bounces: 'Bounces <bounces@acme.example>' });
    expect(mail.messages.last?.from).toBe('bounces@acme.example');
    expect(headers['from']).toBe('Signalman <signalman@acme.example>');
  });

  const hostile = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          '\r\n',
          '\n',
          '\r',
          '\u2028',
          '\0',
          '\r\n\r\n',
          'Bcc: everyone@acme.example',
          'To:',
          '=?utf-8?q?=0D=0ABcc:_x?=',
          'é',
          'x'.repeat(900),
          ' ',
          '<script>',
          '.\r\n',
          'QUIT\r\n',
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join('')),
  );

  it('takes nothing from a value but the text of its own line', async () => {
    const params = {
      to: 'there',
      subject: 'Hi {{ data.x }}',
      text: 'Text: {{ data.x }}',
      html: '<p>{{ data.x }}</p>',
    };
    const compiled = compileParams(params, emailSchema.params);
    await action.send(attemptAt(mail.destination(), effectOf('email', { ...params, subject: 'Hi' })));
    const usual = (await simpleParser(mail.messages.last?.source ?? '')).headerLines.map(({ key }) => key);
    await fc.assert(
      fc.asyncProperty(hostile, async (x) => {
        mail.clear();
        const rendered = compiled.render({ data: { x } } as unknown as TemplateScope);
        await action.send(attemptAt(mail.destination(), effectOf('email', rendered)));
        expect(mail.messages.size).toBe(1);
        const parsed = await simpleParser(mail.messages.last?.source ?? '');
        expect(parsed.headerLines.map(({ key }) => key)).toEqual(usual);
        expect(parsed.to).toMatchObject({ text: 'oncall@acme.example' });
        expect(mail.messages.last?.to).toEqual(['oncall@acme.example']);
        expect(parsed.subject).toMatch(/^Hi/);
        expect(parsed.html).not.toContain('<script>');
      }),
      { numRuns: 150 },
    );
  });

  it('has room for every subject, cut where it is long', async () => {
    const subject = `${'x'.repeat(248)}😀${'y'.repeat(2_000)}`;
    await action.send(attemptAt(mail.destination(), effectOf('email', { ...effect.params, subject })));
    expect(mail.messages.last?.subject).toBe(`${'x'.repeat(248)}…`);
  });

  it('is told without the password, with the text that went', async () => {
    const told: (SentRequest | GivenAnswer)[] = [];
    const trace = {
      sent: (request: SentRequest) => void told.push(request),
      answered: (answer: GivenAnswer) => void told.push(answer),
    };
    await action.send(attemptAt(mail.destination(), effect, 5_000, trace));
    expect(told).toMatchObject([
      {
        method: 'SMTP',
        target: mail.hostAndPort,
        headers: {
          from: 'Signalman <signalman@acme.example>',
          to: 'oncall@acme.example',
          subject: 'Quota',
          'message-id': `<${effect.id}@acme.example>`,
          'Auto-Submitted': 'auto-generated',
        },
        body: 'Plain.',
      },
      { status: 250, text: expect.stringMatching(/^250 /) as string },
    ]);
    mail.failNext({ responseCode: 554, message: 'Spam' });
    await expect(action.send(attemptAt(mail.destination(), effect, 5_000, trace))).rejects.toThrow();
    expect(told.at(-1)).toEqual({ status: 554, text: '554 Spam' });
    expect(JSON.stringify(told)).not.toContain('p4ss');
  });
});
