import { simpleParser } from 'mailparser';
import { createTransport, type Transporter } from 'nodemailer';
import { type MailFault, SmtpStandIn } from '../../../src/sandbox/smtp-stand-in.js';

const MAIL = { from: 'a@acme.example', to: 'b@acme.example', subject: 'Grüße ✔ – heute', text: 'Hello' };

let mail: SmtpStandIn;
let transport: Transporter;

beforeEach(async () => {
  mail = new SmtpStandIn('pass');
  await mail.listen('127.0.0.1', 0);
  transport = createTransport(mail.url);
});

afterEach(async () => {
  transport.close();
  await mail.close();
});

describe('SmtpStandIn', () => {
  it('keeps envelope, header and source of a mail', async () => {
    await transport.sendMail({
      ...MAIL,
      cc: 'c@acme.example',
      messageId: '<e1@acme.example>',
      html: '<b>Hello</b>',
    });
    const received = mail.messages.last;
    expect(received).toMatchObject({
      from: 'a@acme.example',
      to: ['b@acme.example', 'c@acme.example'],
      subject: MAIL.subject,
      messageId: '<e1@acme.example>',
    });
    expect(received?.headers['content-type']).toContain('multipart/alternative');
    const parsed = await simpleParser(received?.source ?? '');
    expect([parsed.subject, parsed.text?.trim(), parsed.html]).toEqual([
      MAIL.subject,
      'Hello',
      '<b>Hello</b>',
    ]);
  });

  it('keeps the same mail twice when it comes twice', async () => {
    await transport.sendMail({ ...MAIL, messageId: '<e1@acme.example>' });
    await transport.sendMail({ ...MAIL, messageId: '<e1@acme.example>' });
    expect(mail.messages.all().map(({ messageId }) => messageId)).toEqual([
      '<e1@acme.example>',
      '<e1@acme.example>',
    ]);
  });

  it('refuses a wrong password', async () => {
    const stranger = createTransport(mail.url.replace(':pass@', ':other@'));
    await expect(stranger.sendMail(MAIL)).rejects.toMatchObject({ responseCode: 535 });
    expect(mail.messages.size).toBe(0);
  });

  it.each<[MailFault, object, number]>([
    [{ responseCode: 550, message: 'No such mailbox', at: 'rcpt' }, { responseCode: 550 }, 0],
    [{ responseCode: 421 }, { responseCode: 421 }, 0],
    [{ responseCode: 454, at: 'auth' }, { responseCode: 454 }, 0],
    [{ reset: true }, { code: 'ECONNECTION' }, 0],
    [{ reset: true, afterEffect: true }, { code: 'ECONNECTION' }, 1],
  ])('fails once as told: %j', async (fault, error, kept) => {
    mail.failNext(fault);
    await expect(transport.sendMail(MAIL)).rejects.toMatchObject(error);
    expect(mail.messages.size).toBe(kept);
    await transport.sendMail(MAIL);
    expect(mail.messages.size).toBe(kept + 1);
  });

  it('refuses one recipient as told, and takes the mail for the others', async () => {
    mail.failNext({ at: 'rcpt', recipient: 'b@acme.example', responseCode: 450 });
    await transport.sendMail({ ...MAIL, to: ['a@acme.example', 'b@acme.example'] });
    expect(mail.messages.last?.to).toEqual(['a@acme.example']);
  });

  it('refuses a line that is longer than mail may have', async () => {
    const long = transport.sendMail({ ...MAIL, subject: 'x'.repeat(1_000) });
    await expect(long).rejects.toMatchObject({ responseCode: 500 });
    expect(mail.messages.size).toBe(0);
  });

  it('closes at once while a sender waits for an answer', async () => {
    mail.failNext({ hang: true, afterEffect: true });
    const waiting = expect(transport.sendMail(MAIL)).rejects.toThrow();
    await mail.messages.waitForCount(1);
    await mail.close();
    await waiting;
  });
});
