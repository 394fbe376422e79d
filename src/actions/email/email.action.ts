import type { EmailDestination } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import type { Action, Attempt } from '../action.js';
import { readParams } from '../common/read-params.js';
import { EmailParams } from './email.params.js';
import { type Mail, SmtpPool } from './smtp-pool.js';

/** Sends mail over SMTP. A repeat carries the same `Message-ID`, but few servers drop it for that. */
export class EmailAction implements Action<EmailDestination> {
  readonly type = 'email';
  readonly repeatable = false;
  readonly timeoutMs = 60_000;
  private readonly pools = new Map<string, SmtpPool>();

  async send({ effect, destination, signal }: Attempt<EmailDestination>): Promise<Receipt> {
    const mail = mailOf(effect, destination);
    const { response, accepted, refused } = await this.pool(destination.smtpUrl).send({ ...mail, signal });
    const summary = `${response} (${accepted} of ${destination.to.length} recipients)`;
    return refused.length === 0 ? { summary } : { summary, skipped: refused };
  }

  /** Ends every connection to every mail server. */
  close(): void {
    for (const pool of this.pools.values()) pool.close();
    this.pools.clear();
  }

  private pool(smtpUrl: string): SmtpPool {
    const pool = this.pools.get(smtpUrl) ?? new SmtpPool(smtpUrl);
    this.pools.set(smtpUrl, pool);
    return pool;
  }
}

function mailOf(effect: Effect, destination: EmailDestination): Mail {
  const { subject, text, html } = readParams(EmailParams, effect);
  return {
    from: destination.from,
    to: [...destination.to],
    subject: subject.replace(/[\r\n]+/g, ' '),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    messageId: `<${effect.id}@${senderDomain(destination.from)}>`,
    date: new Date(effect.decidedAt),
    // Asks out-of-office responders to stay quiet (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

function senderDomain(from: string): string {
  return /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'signalman.invalid';
}
