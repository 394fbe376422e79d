import type { Clock } from '../../contracts/clock.js';
import { type EmailDestination, MOST_IN_DIGEST } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import { type Failure, postponed, transient } from '../../contracts/failure.js';
import type { KeyedPace } from '../../contracts/lane.js';
import type { ServedRecipients } from '../../state/served-recipients.js';
import type { Action, Attempt } from '../action.js';
import { addressOf, composeDigest, composeMail } from './compose-mail.js';
import { Batcher, type Some } from './batcher.js';
import { contentOf } from './mail-content.js';
import { shownMail } from './shown-mail.js';
import { SmtpPool, type MailResult, type Refusal } from './smtp-pool.js';

/** An attempt whose mail goes to these of its recipients, who do not have it yet. */
interface Addressed {
  readonly attempt: Attempt<EmailDestination>;
  readonly rest: readonly string[];
}

/** Those that come back at the same time are gathered for so long. */
const GATHER_MS = 1_000;

/** Sends mail over SMTP. A repeat carries the same `Message-ID`, but few servers drop it for that. */
export class EmailAction implements Action<EmailDestination> {
  readonly type = 'email';
  readonly repeatable = false;
  readonly timeoutMs = 60_000;
  private readonly pools = new Map<string, SmtpPool>();
  private readonly digests = new Batcher<Addressed, Receipt>(
    (gathered) => this.mail(gathered),
    GATHER_MS,
    MOST_IN_DIGEST,
  );

  constructor(
    private readonly clock: Clock,
    private readonly served: Pick<ServedRecipients, 'of' | 'add'>,
  ) {}

  /** A digest keeps none: however many messages it gathers, it is one mail. */
  paces(_effect: Effect, { to, perRecipient, digestMs }: EmailDestination): readonly KeyedPace[] {
    if (perRecipient === undefined || digestMs !== undefined) return [];
    const addresses = new Set(to.map((recipient) => addressOf(recipient).toLowerCase()));
    return [...addresses].map((address) => ({ key: `to/${address}`, ...perRecipient }));
  }

  async send(attempt: Attempt<EmailDestination>): Promise<Receipt> {
    const { effect, destination } = attempt;
    // What is wrong with one mail is nothing to those that it would be gathered with.
    contentOf(effect);
    waitForDigest(effect, destination, this.clock.now());
    const served = await this.served.of(effect.id);
    const rest = destination.to.filter((recipient) => !served.has(recipient));
    if (rest.length === 0) return { summary: 'every recipient has it' };
    const addressed = { attempt, rest };
    return destination.digestMs === undefined
      ? await this.mail([addressed])
      : await this.digests.add(JSON.stringify([effect.to, rest]), addressed);
  }

  /** Ends every connection to every mail server. */
  close(): void {
    for (const pool of this.pools.values()) pool.close();
    this.pools.clear();
  }

  /** Sends one mail for all of them, which have the same recipients before them. */
  private async mail(gathered: Some<Addressed>): Promise<Receipt> {
    const [{ attempt, rest }, ...others] = gathered;
    const { effect, destination, signal } = attempt;
    const attempts = gathered.map((each) => each.attempt);
    const mail =
      others.length === 0
        ? composeMail(effect, destination, rest)
        : composeDigest([effect, ...others.map((each) => each.attempt.effect)], destination, rest);
    for (const { effect: told, trace } of attempts) {
      trace.sent(shownMail(mail, contentOf(told), destination.smtpUrl, gathered.length));
    }
    const result = await this.pool(destination.smtpUrl).send(mail, signal, (answer) => {
      for (const { trace } of attempts) trace.answered(answer);
    });
    const having = `${destination.to.length - result.refused.length} of ${destination.to.length} recipients`;
    const [first, ...more] = result.refused.filter(({ code }) => code < 500);
    if (first === undefined) return receiptOf(result, having);
    const took = rest.filter(
      (each) => !result.refused.some(({ recipient }) => recipient === addressOf(each)),
    );
    for (const { effect: told } of attempts) await this.served.add(told.id, took);
    throw putOff([first, ...more], having);
  }

  private pool(smtpUrl: string): SmtpPool {
    const pool = this.pools.get(smtpUrl) ?? new SmtpPool(smtpUrl);
    this.pools.set(smtpUrl, pool);
    return pool;
  }
}

/** The mails of a digest go at the next multiple of its interval by the clock, and later ones at once. */
function waitForDigest({ decidedAt }: Effect, { digestMs }: EmailDestination, now: number): void {
  if (digestMs === undefined) return;
  const due = (Math.floor(Date.parse(decidedAt) / digestMs) + 1) * digestMs;
  if (now >= due) return;
  throw postponed('email.digest', `It goes with others at ${new Date(due).toISOString()}.`, due);
}

function receiptOf({ response, refused }: MailResult, having: string): Receipt {
  const summary = `${response} (${having})`;
  return refused.length === 0 ? { summary } : { summary, skipped: refused.map(toldOf) };
}

/** The next attempt is for those alone who may take it later. */
function putOff(later: Some<Refusal>, having: string): Failure {
  const who = later.map(toldOf).join('; ');
  return transient(`smtp.${later[0].code}`, `${having} have it; to be tried again: ${who}`);
}

function toldOf({ recipient, message }: Refusal): string {
  return `${recipient}: ${message}`;
}
