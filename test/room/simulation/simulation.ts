import type { RawBatch, StoredBatch } from '../../../src/contracts/batch.js';
import { Chance } from '../../pure/engine/seeded.js';
import {
  batchOfDelivery,
  batchOfPage,
  happenings,
  idOf,
  nextAttempt,
  pageAfter,
  START,
  type Activity,
  type Delivery,
  type Happenings,
} from './adobe.js';
import type { Fate, GatedProcess } from './gated-process.js';
import type { Bench, Door, World } from './world.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** From here on nothing fails any more, so that every run ends. */
const QUIET_AFTER = 600;

interface Task {
  readonly process: GatedProcess;
  readonly begunAt: number;
  /** `true` when the work was done and whoever waited for it could be told. */
  readonly end: (succeeded: boolean) => void;
}

interface BatchJob {
  readonly batch: StoredBatch;
  running: number;
  done: boolean;
}

/** What chance makes of one run. */
interface Odds {
  readonly dies: number;
  readonly unanswered: number;
  readonly sentTwice: number;
  readonly runsTwice: number;
  readonly timePasses: number;
}

/** One run: everything that Adobe, time, faults and our own processes may do, in the order of one chance. */
export class Simulation {
  readonly what: Happenings;
  /** Ids of events that we must not lose: answered with 2xx, or read from the journal. */
  readonly owed = new Set<string>();
  readonly jobs = new Map<string, BatchJob>();
  private readonly chance: Chance;
  private readonly odds: Odds;
  private readonly agenda: { readonly at: number; readonly act: () => Promise<void> }[] = [];
  private tasks: Task[] = [];
  private steps = 0;
  private position = 0;
  private pulling = false;

  constructor(
    private readonly world: World,
    seed: number,
  ) {
    this.chance = new Chance(seed);
    this.what = happenings(this.chance);
    const often = [0, 0.03, 0.15] as const;
    this.odds = {
      dies: this.chance.pick(often),
      unanswered: this.chance.pick(often),
      sentTwice: this.chance.pick(often),
      runsTwice: this.chance.pick(often),
      timePasses: this.chance.pick([0.05, 0.3, 0.7]),
    };
  }

  async run(): Promise<void> {
    this.world.now = START;
    for (const delivery of this.what.deliveries) this.at(delivery.firstAt, () => this.deliver(delivery, 1));
    if (this.what.journal.length > 0) this.at(START, () => this.pull());
    while (await this.goOn());
  }

  /** @returns false when nothing is left to do. */
  private async goOn(): Promise<boolean> {
    this.steps += 1;
    const job = this.nextJob();
    const worker = this.world.workers.find(({ process }) => process.isFree && !this.isBusy(process));
    const canWork = job !== undefined && worker !== undefined;
    const canWait = this.mayTimePass();
    if (canWait && (this.chance.happens(this.odds.timePasses) || (!canWork && this.tasks.length === 0)))
      await this.letTimePass();
    else if (canWork && (this.tasks.length === 0 || this.chance.happens(0.3)))
      await this.work(worker, ...job);
    else if (this.tasks.length > 0) await this.step(this.chance.pick(this.tasks));
    else return canWait;
    return true;
  }

  /** Nobody of us stands still for days: an event is not remembered for longer than that. */
  private mayTimePass(): boolean {
    const [next] = this.agenda;
    if (next === undefined) return false;
    const open = [...this.jobs.values()].filter(({ done }) => !done);
    const begun = [
      ...this.tasks.map(({ begunAt }) => begunAt),
      ...open.map(({ batch }) => Date.parse(batch.receivedAt)),
    ];
    return begun.every((at) => next.at - at < 2 * DAY);
  }

  private get quiet(): boolean {
    return this.steps > QUIET_AFTER;
  }

  private at(at: number, act: () => Promise<void>): void {
    this.agenda.push({ at, act });
    this.agenda.sort((a, b) => a.at - b.at);
  }

  private async letTimePass(): Promise<void> {
    const next = this.agenda.shift();
    if (next === undefined) return;
    this.world.now = Math.max(this.world.now, next.at);
    await next.act();
  }

  private async deliver(delivery: Delivery, attempt: number): Promise<void> {
    const again = (at: number | undefined): void => {
      if (at !== undefined) this.at(at, () => this.deliver(delivery, attempt + 1));
    };
    const retry = (): void => {
      again(nextAttempt(delivery, attempt, this.world.now));
    };
    const door = this.freeDoor();
    if (door === undefined) {
      retry();
      return;
    }
    const begun = this.world.now;
    const batch = batchOfDelivery(delivery, begun);
    await this.store(door, batch, (accepted) => {
      if (accepted) this.owe(delivery.activities);
      // Adobe does not always hear our answer, and sometimes sends what it need not.
      const heard = accepted && !this.happens(0.1);
      if (!heard) retry();
      else if (this.happens(0.1)) again(begun + this.chance.below(7 * DAY));
    });
  }

  /** Reads one page of the journal, and goes on behind it, unless it died before that was written down. */
  private async pull(): Promise<void> {
    const page = pageAfter(this.what.journal, this.position, this.world.now);
    const door = this.freeDoor();
    const last = page.at(-1);
    const isOver = last === undefined && this.world.now > this.what.end + HOUR;
    if (!isOver && !this.pulling) this.at(this.world.now + this.chance.below(DAY), () => this.pull());
    if (last === undefined || door === undefined || this.pulling) return;
    this.pulling = true;
    const batch = batchOfPage(page, this.world.now);
    await this.store(door, batch, (stored) => {
      this.pulling = false;
      if (!stored) return;
      this.owe(page.map(({ activity }) => activity));
      if (this.happens(0.15)) return;
      // A gap is suspected now and then, and what lies before is read once more.
      this.position = this.happens(0.1)
        ? this.chance.below(this.position + 1)
        : this.what.journal.indexOf(last) + 1;
    });
  }

  /** Looks for batches without a job, and once more until it has looked at all of them. */
  private async heal(): Promise<void> {
    const soon = (): void => {
      this.at(this.world.now + HOUR, () => this.heal());
    };
    const door = this.freeDoor();
    if (door === undefined) soon();
    else
      await this.begin(
        door.process,
        () => door.orphans.heal(),
        (healed) => {
          if (!healed) soon();
        },
      );
  }

  /** A door stores a batch; one that fails may leave an orphan behind. */
  private async store({ process, events }: Door, batch: RawBatch, end: Task['end']): Promise<void> {
    await this.begin(
      process,
      () => events.add(batch),
      (stored) => {
        if (!stored) this.at(this.world.now + HOUR, () => this.heal());
        end(stored);
      },
    );
  }

  private owe(activities: readonly Activity[]): void {
    for (const activity of activities) this.owed.add(idOf(activity));
  }

  private async work(worker: Bench, jobId: string, job: BatchJob): Promise<void> {
    job.running += 1;
    await this.begin(
      worker.process,
      () => worker.run(jobId, job.batch),
      (succeeded) => {
        job.running -= 1;
        job.done ||= succeeded;
      },
    );
  }

  /** One that waits; sometimes one that a worker has already, which is taken for dead. */
  private nextJob(): [string, BatchJob] | undefined {
    const open = [...this.jobs].filter(([, { done }]) => !done);
    const waiting = open.filter(([, { running }]) => running === 0);
    const some = this.happens(this.odds.runsTwice) ? open : waiting;
    return some.length === 0 ? undefined : this.chance.pick(some);
  }

  private async begin(process: GatedProcess, work: () => Promise<unknown>, end: Task['end']): Promise<void> {
    this.tasks.push({ process, begunAt: this.world.now, end });
    await process.begin(work);
  }

  private async step(task: Task): Promise<void> {
    const ended = await task.process.step((commands) => this.fate(commands));
    if (ended === undefined) return;
    this.tasks = this.tasks.filter((other) => other !== task);
    task.end(ended);
    for (const jobId of await this.world.batches())
      if (!this.jobs.has(jobId))
        this.jobs.set(jobId, { batch: await this.world.batchOf(jobId), running: 0, done: false });
  }

  private fate(commands: number): Fate {
    if (this.happens(this.odds.dies)) return { diesAfter: this.chance.below(commands + 1) };
    if (this.happens(this.odds.unanswered)) return 'unanswered';
    return this.happens(this.odds.sentTwice) ? 'sent twice' : 'pass';
  }

  private happens(probability: number): boolean {
    return this.chance.happens(probability) && !this.quiet;
  }

  private freeDoor(): Door | undefined {
    return this.world.doors.find(({ process }) => process.isFree && !this.isBusy(process));
  }

  private isBusy(process: GatedProcess): boolean {
    return this.tasks.some((task) => task.process === process);
  }
}
