import type { MarketoDestination } from '../../../src/contracts/connections.js';
import type { Priority } from '../../../src/contracts/effect.js';
import { PRIORITIES } from '../../../src/contracts/effect.js';
import { CallBudget } from '../../../src/marketo/call-budget.js';
import { Gathering } from '../../../src/marketo/coalescing/gathering.js';
import { lastMidnightCentral, nextMidnightCentral } from '../../../src/marketo/midnight-central.js';
import { UsageBook } from '../../../src/marketo/usage/usage-book.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { MarketoQuota } from '../../../src/sandbox/marketo/quota.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const PROCESSES = 3;
const TARGETS = 12;
const ROWS_A_CALL = 300;

export interface SimulatedEffect {
  readonly priority: Priority;
  readonly target: number;
  readonly process: number;
  readonly bornAt: number;
  doneAt?: number;
}

export interface SimulatedCall {
  readonly at: number;
  readonly priority: Priority;
  readonly effects: number;
  /** What was known at that moment: the last reading, and our own calls since it was asked for. */
  readonly known: number;
  /** Of all, as Marketo counts. */
  readonly total: number;
  readonly refusedWith?: string;
  readonly underWay: number;
}

interface UnderWay {
  readonly process: number;
  readonly lease: string;
  readonly endsAt: number;
  readonly effects: readonly SimulatedEffect[];
  readonly code: string | undefined;
  readonly isReading: boolean;
}

/** The same numbers for the same seed, evenly between 0 and 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** In the order in which they come. */
function grouped<T, K>(all: readonly T[], keyOf: (each: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

/**
 * A day of an instance, second by second: others call in bursts, three processes have effects to send, and all that is
 * simulated is time, the work behind a call and who calls. Quota and budget are the real ones.
 */
export class SimulatedDay {
  readonly effects: SimulatedEffect[] = [];
  readonly calls: SimulatedCall[] = [];
  readonly began: number;
  readonly midnight: number;
  /** Effects that were put off for the day, the first of each priority. */
  readonly firstShed = new Map<Priority, number>();
  private time: number;
  private readonly clock = { now: () => this.time };
  private readonly quota = new MarketoQuota(this.clock);
  private readonly redis: RedisConnections[];
  private readonly budgets: readonly CallBudget[];
  private readonly book: UsageBook;
  private readonly random: () => number;
  private underWay: UnderWay[] = [];
  /** What is to be sent, by the second from which on. */
  private readonly due = new Map<number, SimulatedEffect[]>();
  private reading = { used: 0, ownBefore: 0 };
  private ownAtReading = 0;

  constructor(
    redisUrl: string,
    private readonly instance: MarketoDestination,
    private readonly course: { readonly at: number; readonly seed: number; readonly othersFactor: number },
  ) {
    this.began = lastMidnightCentral(course.at);
    this.midnight = nextMidnightCentral(course.at);
    this.time = this.began;
    this.random = randomOf(course.seed);
    this.quota.limits.daily = instance.dailyCalls ?? Infinity;
    this.redis = Array.from({ length: PROCESSES }, () => new RedisConnections(redisUrl));
    this.budgets = this.redis.map((redis) => new CallBudget(redis, this.clock, this.clock));
    this.book = new UsageBook(this.redis[0] as RedisConnections);
  }

  /** Until so long after midnight, milliseconds. */
  async run(afterMidnight: number): Promise<void> {
    for (; this.time < this.midnight + afterMidnight; this.time += SECOND) {
      await this.endCalls();
      this.othersCall();
      this.bear();
      if ((this.time - this.began) % (5 * MINUTE) === 0) await this.askForUsage();
      await this.send();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.redis.map((redis) => redis.close()));
  }

  private get hour(): number {
    return (this.time - this.began) / HOUR;
  }

  /** A steady load, a sync at the full hour that fills the window, and a busy afternoon. */
  private othersCall(): void {
    if (this.time >= this.midnight) return;
    const inSync = this.hour % 1 < 1 / 30;
    const steady = 0.03 + (this.hour > 13 && this.hour < 17 ? 0.08 : 0);
    const rate = (inSync ? 1.5 : steady) * this.course.othersFactor;
    const calls = Math.floor(rate) + (this.random() < rate % 1 ? 1 : 0);
    this.quota.countOthers('crm@acme.example', calls);
    if (inSync && this.random() < 0.005) this.quota.countOthers('etl@acme.example', 60);
  }

  /** A trickle of every priority, and in the morning and the evening a burst of each. */
  private bear(): void {
    if (this.time >= this.midnight) return;
    const burst = [9, 15, 21].some((hour) => this.hour >= hour && this.hour < hour + 1 / 360);
    const wanted = burst ? 150 : 0.015;
    const count = Math.floor(wanted) + (this.random() < wanted % 1 ? 1 : 0);
    for (let born = 0; born < count; born += 1) {
      const dice = this.random();
      const effect = {
        priority: dice < 0.1 ? 'high' : dice < 0.5 ? 'normal' : 'low',
        target: Math.floor(this.random() * TARGETS),
        process: Math.floor(this.random() * PROCESSES),
        bornAt: this.time,
      } as const;
      this.effects.push(effect);
      this.wait([effect], this.time);
    }
  }

  private wait(effects: readonly SimulatedEffect[], until: number): void {
    const second = Math.ceil((until - this.began) / SECOND) * SECOND + this.began;
    this.due.set(second, [...(this.due.get(second) ?? []), ...effects]);
  }

  private async send(): Promise<void> {
    const due = this.due.get(this.time) ?? [];
    this.due.delete(this.time);
    const groups = grouped(due, ({ process, target }) => `${process} ${target}`);
    for (const group of groups.values()) await this.sendGroup(group);
  }

  private async sendGroup(group: readonly SimulatedEffect[]): Promise<void> {
    const [{ process } = { process: 0 }] = group;
    const priority = PRIORITIES.find((each) => group.some((effect) => effect.priority === each)) ?? 'low';
    const wanted = { kind: 'marketo.addToList', priority, leaseMs: 45_000 };
    const grant = await (this.budgets[process] as CallBudget).take(this.instance, wanted);
    if ('obstacle' in grant) {
      this.wait(group, Math.max(grant.until, this.time + SECOND));
      if (grant.obstacle !== 'day') return;
      for (const effect of group)
        if (!this.firstShed.has(effect.priority)) this.firstShed.set(effect.priority, this.time);
      return;
    }
    const gathering = new Gathering<SimulatedEffect & { bytes: number }>(ROWS_A_CALL);
    const effects = group.filter((effect) => gathering.add(Object.assign(effect, { bytes: 20 })));
    this.wait(group.slice(effects.length), this.time + SECOND);
    this.call(process, grant.lease, priority, effects);
  }

  private call(
    process: number,
    lease: string,
    priority: Priority,
    effects: SimulatedEffect[],
    isReading = false,
  ): void {
    const othersNow = Math.floor(this.random() * 8);
    const code = this.quota.refusal(this.underWay.length + 1 + othersNow);
    this.quota.count(code);
    const known = this.reading.used + this.calls.length - this.reading.ownBefore;
    this.calls.push({
      ...{ at: this.time, priority, effects: effects.length, known },
      ...{ total: this.quota.today().total, underWay: this.underWay.length + 1 },
      ...(code === undefined ? {} : { refusedWith: code.code }),
    });
    const endsAt = this.time + Math.ceil(this.random() * 3) * SECOND;
    this.underWay.push({ process, lease, endsAt, effects, code: code?.code, isReading });
  }

  private async askForUsage(): Promise<void> {
    const wanted = { kind: 'usage', priority: 'high', leaseMs: 15_000 } as const;
    const grant = await (this.budgets[0] as CallBudget).take(this.instance, wanted);
    if (!('lease' in grant)) return;
    this.ownAtReading = this.calls.length;
    this.call(0, grant.lease, 'high', [], true);
  }

  private async endCalls(): Promise<void> {
    const ended = this.underWay.filter(({ endsAt }) => endsAt <= this.time);
    this.underWay = this.underWay.filter(({ endsAt }) => endsAt > this.time);
    for (const { process, lease, effects, code, isReading } of ended) {
      const said = code === '606' || code === '607' || code === '615' ? code : 'done';
      await (this.budgets[process] as CallBudget).giveBack(this.instance, lease, said);
      if (code === undefined) for (const effect of effects) effect.doneAt = this.time;
      else this.wait(effects, this.time + SECOND);
      if (isReading && code === undefined) await this.note();
    }
  }

  private async note(): Promise<void> {
    const used = this.quota.today().total;
    const { munchkinId } = this.instance;
    const figures = { munchkinId, used, forecastAtMidnight: used, users: [] };
    const day = nextMidnightCentral(this.time);
    await this.book.note({ at: this.time, day, figures }, this.time - HOUR);
    this.reading = { used, ownBefore: this.ownAtReading };
  }
}
