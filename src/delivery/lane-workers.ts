import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { WorkerOptions } from 'bullmq';
import { CONNECTIONS } from '../config/app-config.js';
import { OWN_SOURCE } from '../contracts/batch.js';
import { type Connections, type Destination, MOST_IN_DIGEST } from '../contracts/connections.js';
import { Rounds } from '../observability/rounds.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { runJob } from '../queues/job-run.js';
import { isBusy, laneCounts } from '../queues/lane-counts.js';
import { LaneQueues } from '../queues/lane-queues.js';
import { OldActions } from '../queues/old-actions.js';
import { WorkerCare } from '../queues/worker-care.js';
import { DeliveryProcessor } from './delivery.processor.js';
import { lanePaceOf } from './gate/lane-pace.js';

const EVERY_MS = 60_000;

/**
 * Attempts that one process has under way at each destination of a kind. Sending is mostly waiting; calls of Marketo are
 * shared by hundreds of effects, which must be there to share them.
 */
const PLACES: Readonly<Record<string, number>> = {
  marketo: 600,
  webhook: 32,
  email: 16,
  slack: 8,
  [OWN_SOURCE]: 64,
};

/** From this pace on, milliseconds between two, a worker takes one effect at a time. */
const SLOW_MS = 100;

/** By then an effect that was taken has had its turn, and holds the lane until the next one, milliseconds. */
const CLAIMED_MS = 20;

/** Of a destination whose kind a plug-in brings, and of one that is configured no longer. */
const OTHER_PLACES = 16;

/** A worker for each lane, so that a destination that is slow or away holds up nobody but itself. */
@Injectable()
export class LaneWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(LaneWorkers.name);
  private readonly seldom = new SeldomLog(this.logger);
  private readonly workers = new Map<string, WorkerCare>();
  private readonly rounds = new Rounds(() => this.openAll(), 'Not every lane could be opened', this.seldom);

  constructor(
    private readonly handler: DeliveryProcessor,
    private readonly lanes: LaneQueues,
    private readonly old: OldActions,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start(EVERY_MS);
    this.rounds.now();
  }

  /** Finishes the jobs under way, before anything that they need is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.rounds.stop();
    await Promise.all([...this.workers.values()].map((worker) => worker.close()));
  }

  /** What destinations of earlier times left behind is worked off as well: it becomes dead letters that say so. */
  private async openAll(): Promise<void> {
    for (const name of [...Object.keys(this.connections.destinations), OWN_SOURCE]) await this.open(name);
    const moved = await this.old.move();
    if (moved > 0) this.logger.log(`${moved} effects of an earlier version were moved into the lanes.`);
    for (const name of await this.lanes.names())
      if (!this.workers.has(name) && isBusy(await laneCounts(this.lanes.lane(name)))) await this.open(name);
  }

  private async open(name: string): Promise<void> {
    if (this.workers.has(name)) return;
    const destination = this.connections.destinations[name];
    await this.lanes.limit(name, destination?.lane?.atOnce);
    if (this.rounds.isStopped || this.workers.has(name)) return;
    this.workers.set(name, this.worker(name, destination));
  }

  private worker(name: string, destination: Destination | undefined): WorkerCare {
    const { handler, logger, seldom } = this;
    const wake = (): Promise<void> => this.lanes.wake(name);
    const worker = this.lanes.worker(
      name,
      (job, token) => runJob(handler, { queue: name, logger, seldom, wake }, job, token),
      { concurrency: placesOf(destination), ...limiterOf(destination) },
    );
    worker.on('failed', (job) => {
      if (job?.deferredFailure) void handler.tookWorkersDown(job.data, job.deferredFailure);
    });
    const care = new WorkerCare(worker, logger, seldom);
    care.start();
    return care;
  }
}

function placesOf(destination: Destination | undefined): number {
  if (destination?.kind === 'email' && destination.digestMs !== undefined) return MOST_IN_DIGEST;
  return PLACES[destination?.kind ?? OWN_SOURCE] ?? OTHER_PLACES;
}

/** Otherwise as many effects as there are places would be taken before the first of them can hold the lane. */
function limiterOf(destination: Destination | undefined): Pick<WorkerOptions, 'limiter'> {
  const pace = destination && lanePaceOf(destination);
  if (pace === undefined || pace.everyMs < SLOW_MS) return {};
  return { limiter: { max: 1, duration: CLAIMED_MS } };
}
