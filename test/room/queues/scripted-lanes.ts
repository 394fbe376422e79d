import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { SeldomLog } from '../../../src/observability/seldom-log.js';
import { DeadLetters } from '../../../src/queues/dead-letters.js';
import { EffectPayload } from '../../../src/queues/job-payloads.js';
import { type JobContext, type JobHandler, runJob } from '../../../src/queues/job-run.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { Lanes } from '../../../src/queues/lanes.js';
import { QueuesModule } from '../../../src/queues/queues.module.js';
import { WorkerCare } from '../../../src/queues/worker-care.js';
import { RedisModule } from '../../../src/redis/redis.module.js';
import { useRedis, type UsedRedis } from '../../support/use-redis.js';

/** What the next jobs shall do, and which were seen. */
export class Script implements JobHandler<EffectPayload> {
  readonly payload = EffectPayload;
  readonly seen: { effect: EffectPayload; context: JobContext }[] = [];
  act: (effect: EffectPayload, context: JobContext) => void | Promise<void> = () => undefined;

  async handle(effect: EffectPayload, context: JobContext): Promise<void> {
    this.seen.push({ effect, context });
    await this.act(effect, context);
  }

  gaveUp(): Promise<void> {
    return Promise.resolve();
  }

  about({ to }: EffectPayload): Readonly<Record<string, string>> {
    return { to };
  }

  /** The ids of what was seen, each time that it was. */
  get ids(): string[] {
    return this.seen.map(({ effect }) => effect.id);
  }
}

/** The queues as a process has them, with workers that follow a script. */
export class ScriptedLanes {
  private readonly workers: WorkerCare[] = [];

  private constructor(private readonly module: TestingModule) {}

  static async open(redisUrl: string): Promise<ScriptedLanes> {
    const module = await Test.createTestingModule({
      imports: [RedisModule.forRoot(redisUrl), QueuesModule],
    }).compile();
    module.useLogger(false);
    return new ScriptedLanes(await module.init());
  }

  get actions(): ActionsQueue {
    return this.module.get(ActionsQueue);
  }

  get dead(): DeadLetters {
    return this.module.get(DeadLetters);
  }

  get queues(): LaneQueues {
    return this.module.get(LaneQueues);
  }

  get lanes(): Lanes {
    return this.module.get(Lanes);
  }

  /** Starts a worker of a lane. */
  work(name: string, places = 4): Script {
    const script = new Script();
    const logger = new Logger(`lane ${name}`);
    const place = {
      queue: name,
      logger,
      seldom: new SeldomLog(logger),
      wake: () => this.queues.wake(name),
    };
    const worker = this.queues.worker(name, (job, token) => runJob(script, place, job, token), {
      concurrency: places,
    });
    const care = new WorkerCare(worker, logger, place.seldom);
    care.start();
    this.workers.push(care);
    return script;
  }

  /** The workers of all lanes end. */
  async rest(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.close()));
  }

  async close(): Promise<void> {
    await this.rest();
    await this.module.close();
  }
}

/** To be called in a `describe` or at the top of a file: lanes that hold nothing, anew for each test. */
export function useScriptedLanes(): { readonly redis: UsedRedis; readonly rooms: ScriptedLanes } {
  const redis = useRedis();
  let rooms: ScriptedLanes;
  beforeEach(async () => {
    rooms = await ScriptedLanes.open(redis.url);
  });
  afterEach(async () => {
    await rooms.close();
  });
  return {
    redis,
    get rooms() {
      return rooms;
    },
  };
}
