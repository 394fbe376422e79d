import type { Clock } from '../../contracts/clock.js';
import type { Refusal } from './refusal.js';

/** Limits of an instance, shared by everything that calls it. `Infinity` switches one off. */
export interface MarketoLimits {
  /** Calls in `windowMs`: error 606 above it. */
  perWindow: number;
  windowMs: number;
  /** Calls under way at once: error 615 above it. */
  concurrent: number;
  /** Calls a day of US Central time: error 607 above it. */
  daily: number;
}

/** The figures of Adobe's documentation. */
const MARKETO_LIMITS: MarketoLimits = {
  perWindow: 100,
  windowMs: 20_000,
  concurrent: 10,
  daily: 50_000,
};

/** Codes that Adobe's documentation does not count against the quota. */
const NOT_COUNTED = new Set(['601', '602', '604', '605', '608', '611']);
const CENTRAL_DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago' });

/** A day of usage, as Marketo tells it. */
export interface DailyUsage {
  readonly date: string;
  readonly total: number;
  readonly users: readonly { readonly userId: string; readonly count: number }[];
}

/** Counts calls as Marketo does, over a sliding window and over the day. */
export class MarketoQuota {
  readonly limits: MarketoLimits = { ...MARKETO_LIMITS };
  /** Calls of others on this day, by user. */
  readonly others = new Map<string, number>();
  private window: number[] = [];
  private day = '';
  private used = 0;

  constructor(private readonly clock: Clock) {}

  /** Why one more call may not pass, or undefined. */
  refusal(inFlight: number): Refusal | undefined {
    const { perWindow, windowMs, concurrent, daily } = this.limits;
    this.turnDay();
    this.window = this.window.filter((at) => at > this.clock.now() - windowMs);
    if (this.today().total >= daily) return { code: '607', message: `Daily quota ${daily} reached` };
    if (this.window.length >= perWindow) {
      return {
        code: '606',
        message: `Max rate limit '${perWindow}' exceeded with in '${windowMs / 1000}' secs`,
      };
    }
    if (inFlight > concurrent)
      return { code: '615', message: `Concurrent access limit '${concurrent}' reached` };
    return undefined;
  }

  count(refusal: Refusal | undefined): void {
    if (refusal !== undefined && NOT_COUNTED.has(refusal.code)) return;
    this.turnDay();
    this.used += 1;
    this.window.push(this.clock.now());
  }

  /** Another user makes so many calls, of which those that are above the limits are refused like ours. */
  countOthers(userId: string, calls: number): void {
    for (let made = 0; made < calls; made += 1) {
      if (this.refusal(0) !== undefined) return;
      this.others.set(userId, (this.others.get(userId) ?? 0) + 1);
      this.window.push(this.clock.now());
    }
  }

  today(): DailyUsage {
    this.turnDay();
    const calls = [['signalman@acme.example', this.used] as const, ...this.others];
    const users = calls.filter(([, count]) => count > 0).map(([userId, count]) => ({ userId, count }));
    return { date: this.day, total: users.reduce((sum, { count }) => sum + count, 0), users };
  }

  private turnDay(): void {
    const day = CENTRAL_DAY.format(this.clock.now());
    if (day === this.day) return;
    // What others have called is set for the day that it is set on.
    if (this.day !== '') this.others.clear();
    this.used = 0;
    this.day = day;
  }
}
