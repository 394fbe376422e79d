import { createHmac, randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../contracts/clock.js';
import { BoundedMap } from './bounded-map.js';
import { networkOf } from './network.js';

const WINDOW_MS = 60_000;
const STOP_MS = 60_000;
const MOST_FAILURES = 20;
/** How long a credential that was good is let through, whatever else comes from its address. */
const GOOD_MS = 3_600_000;
const MOST_ADDRESSES = 10_000;
const MOST_CREDENTIALS = 10_000;

/** Nothing was checked: too many credentials from there were wrong. */
export class TooManyAttempts extends Error {
  override readonly name = 'TooManyAttempts';

  /** Seconds after which to come again. */
  constructor(readonly retryAfter: number) {
    super('Too many wrong credentials came from your address; come again later.');
  }
}

/** What came from one network since the beginning of its minute. */
interface Failures {
  readonly since: number;
  failed: number;
  /** Being checked now. They might all be wrong, so that many at once are no way around. */
  pending: number;
  stoppedUntil: number;
}

/**
 * Stops the guessing of API keys, tokens and webhook secrets: after 20 wrong ones from an address within a minute,
 * nothing more from there is checked for a minute. A credential that was good within the last hour goes on being
 * checked, so that whoever shares an address with a guesser, as behind a proxy that is not trusted, is not locked out.
 *
 * In the memory of the process and bounded: each process counts for itself.
 */
export class FailedAttempts {
  private readonly byNetwork = new BoundedMap<string, Failures>(MOST_ADDRESSES);
  private readonly goodUntil = new BoundedMap<string, number>(MOST_CREDENTIALS);
  private readonly checking = new Set<string>();
  /** Credentials that people chose could be found from a bare hash. */
  private readonly secret = randomBytes(32);

  constructor(private readonly clock: Clock = systemClock) {}

  /**
   * Checks one credential: `check` gives what it stands for, or undefined when it is wrong. A check that throws says
   * nothing of it. `address`: of the client, an IP address.
   * @throws TooManyAttempts without checking.
   */
  async attempt<T>(
    address: string,
    credential: string,
    check: () => T | undefined | Promise<T | undefined>,
  ): Promise<T | undefined> {
    const mark = createHmac('sha256', this.secret).update(credential).digest('base64url');
    const failures = this.failuresOf(networkOf(address));
    const free = this.isGood(mark) || this.checking.has(mark);
    if (!free) this.admit(failures);
    const found = free ? await check() : await this.checkFirst(mark, failures, check);
    if (found !== undefined) this.goodUntil.set(mark, this.clock.now() + GOOD_MS);
    else this.fail(mark, failures);
    return found;
  }

  private isGood(mark: string): boolean {
    return (this.goodUntil.get(mark) ?? 0) > this.clock.now();
  }

  private admit({ failed, pending, stoppedUntil }: Failures): void {
    const wait = stoppedUntil - this.clock.now();
    if (wait > 0) throw new TooManyAttempts(Math.ceil(wait / 1_000));
    if (failed + pending >= MOST_FAILURES) throw new TooManyAttempts(1);
  }

  /** The same credential many times at once is one guess: a sender may come back with all its requests together. */
  private async checkFirst<T>(
    mark: string,
    failures: Failures,
    check: () => T | undefined | Promise<T | undefined>,
  ): Promise<T | undefined> {
    failures.pending += 1;
    this.checking.add(mark);
    try {
      return await check();
    } finally {
      failures.pending -= 1;
      this.checking.delete(mark);
    }
  }

  private fail(mark: string, failures: Failures): void {
    this.goodUntil.delete(mark);
    failures.failed += 1;
    if (failures.failed === MOST_FAILURES) failures.stoppedUntil = this.clock.now() + STOP_MS;
  }

  private failuresOf(network: string): Failures {
    const now = this.clock.now();
    const last = this.byNetwork.get(network);
    if (last !== undefined && now < Math.max(last.since + WINDOW_MS, last.stoppedUntil)) return last;
    const failures = { since: now, failed: 0, pending: 0, stoppedUntil: 0 };
    this.byNetwork.set(network, failures);
    return failures;
  }
}
