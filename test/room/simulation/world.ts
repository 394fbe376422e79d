import { Queue, type Job, type Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { StoredBatch } from '../../../src/contracts/batch.js';
import type { Clock } from '../../../src/contracts/clock.js';
import type { Connections } from '../../../src/contracts/connections.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { Journal } from '../../../src/journal/journal.js';
import type { LeadLookUp } from '../../../src/marketo/lead-look-up.js';
import type { Usage } from '../../../src/marketo/usage.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import type { Backlog } from '../../../src/queues/backlog.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { OrphanedBatches } from '../../../src/queues/orphaned-batches.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { EVENTS_QUEUE, laneQueueName } from '../../../src/queues/queue-names.js';
import { EVENTS_OPTIONS } from '../../../src/queues/queue-options.js';
import { QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { Batches } from '../../../src/rules/batches.js';
import { Consequences } from '../../../src/rules/consequences.js';
import { compileRuleSet } from '../../../src/rules/engine/rule-set.js';
import { FlowGate } from '../../../src/rules/flow-gate.js';
import { Judge } from '../../../src/rules/judge.js';
import { Knowledge } from '../../../src/rules/knowledge.js';
import type { RuleStore } from '../../../src/rules/loading/rule-store.js';
import { LoopGuard } from '../../../src/rules/loop-guard/loop-guard.js';
import type { Rule } from '../../../src/rules/rule.js';
import { RulesBook } from '../../../src/rules/rules-book.js';
import { RulesProcessor } from '../../../src/rules/rules.processor.js';
import { Loops } from '../../../src/state/loops.js';
import { OwnWrites } from '../../../src/state/own-writes.js';
import { SeenEvents } from '../../../src/state/seen-events.js';
import { RedisFlow } from '../../../src/state/redis-flow.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { Silences } from '../../../src/state/silences.js';
import { ACTIVITY, ADOBE, batchOf, PUSH } from '../../support/delivery-samples.js';
import { eventually } from '../../support/eventually.js';
import { GatedProcess } from './gated-process.js';

const DOORS = 2;
const WORKERS = 3;

export const RULE: Rule = {
  id: 'unsubscribed',
  version: '0123456789ab',
  description: 'Acts on every activity.',
  mode: 'live',
  on: ['marketo.activity.*'],
  conditions: {
    all: [
      { fact: 'type', operator: 'equal', value: 'marketo.activity.clicklink' },
      {
        fact: 'count',
        params: { per: 'leadId', within: '90d' },
        operator: 'greaterThanInclusive',
        value: 1,
      },
    ],
  },
  actions: [
    {
      type: 'webhook',
      params: { to: 'crm', body: { count: '{{ facts.count }}', time: '{{ time }}' } },
      guarantee: 'at-least-once',
    },
  ],
};

export const CALM_MS = 6 * 3_600_000;
export const CALM_RULE: Rule = {
  ...RULE,
  id: 'calm',
  description: 'Acts on some activities.',
  conditions: { all: [] },
  throttle: { per: ['leadId'], everyMs: CALM_MS },
};

const ROOMY: Pick<Backlog, 'roomForEffects'> = { roomForEffects: () => Promise.resolve(true) };
const CONNECTIONS: Connections = {
  sources: { io: ADOBE, push: PUSH },
  destinations: {
    crm: {
      kind: 'webhook',
      url: 'https://crm.acme.example',
      method: 'POST',
      secrets: ['s'],
      headers: {},
      allowPrivateAddresses: false,
    },
  },
};

/** The queue of the one destination. */
const LANE = `${QUEUE_PREFIX}:${laneQueueName('crm')}`;

/** Parts that a test replaces by broken ones, to see that it notices. */
export interface Parts {
  seen(connections: RedisConnections, clock: Clock): SeenEvents;
  bodies(redis: Redis): BatchBodies;
  orphans(redis: Redis, queue: Queue): OrphanedBatches;
  memory(connections: RedisConnections): RedisMemory;
  flow(connections: RedisConnections): RedisFlow;
}

export const SOUND: Parts = {
  seen: (connections, clock) => new SeenEvents(connections, clock),
  bodies: (redis) => new BatchBodies(redis),
  orphans: (redis, queue) => new OrphanedBatches(redis, queue, 0),
  memory: (connections) => new RedisMemory(connections),
  flow: (connections) => new RedisFlow(connections),
};

/** No rule of these asks about people or usage. */
const NOBODY: Pick<LeadLookUp, 'lookUp'> = { lookUp: () => Promise.resolve(new Map()) };
const NO_USAGE: Pick<Usage, 'of'> = { of: () => Promise.resolve(undefined) };

export interface Door {
  readonly process: GatedProcess;
  readonly events: EventsQueue;
  readonly orphans: OrphanedBatches;
}

export interface Bench {
  readonly process: GatedProcess;
  run(jobId: string, batch: StoredBatch): Promise<unknown>;
}

/** Signalman as it runs, in several processes, on one database of a Redis. */
export class World {
  /** What the time is for all of them. */
  now = 0;
  readonly doors: Door[] = [];
  readonly workers: Bench[] = [];
  readonly redis: Redis;

  private constructor(
    private readonly url: string,
    private readonly parts: Parts,
  ) {
    this.redis = new Redis(url);
  }

  static async start(url: string, parts: Parts = SOUND): Promise<World> {
    const world = new World(url, parts);
    for (let i = 0; i < DOORS; i += 1) world.doors.push(world.door());
    for (let i = 0; i < WORKERS; i += 1) world.workers.push(world.worker());
    await world.warmUp();
    for (const { process } of [...world.doors, ...world.workers]) process.gateAll();
    return world;
  }

  /** Ids of the batches that wait, oldest first. */
  async batches(): Promise<string[]> {
    return (await this.redis.lrange(`${QUEUE_PREFIX}:${EVENTS_QUEUE}:wait`, 0, -1)).reverse();
  }

  /** Ids of the effects that wait, oldest first. */
  async effects(): Promise<string[]> {
    return await this.redis.zrange(`${LANE}:prioritized`, '0', '-1');
  }

  async effectOf(jobId: string): Promise<Effect> {
    const data = await this.redis.hget(`${LANE}:${jobId}`, 'data');
    return JSON.parse(data ?? '') as Effect;
  }

  async batchOf(jobId: string): Promise<StoredBatch> {
    const data = await this.redis.hget(`${QUEUE_PREFIX}:${EVENTS_QUEUE}:${jobId}`, 'data');
    return JSON.parse(data ?? '') as StoredBatch;
  }

  stop(): void {
    this.redis.disconnect();
    for (const { process } of [...this.doors, ...this.workers]) process.cut();
  }

  /** What is asked and loaded only once, would make the first run another than its repeat. */
  private async warmUp(): Promise<void> {
    for (const { events, orphans } of this.doors) {
      await eventually(() => events.add(batchOf('adobe', ACTIVITY)).then(() => true));
      for (const jobId of await this.batches())
        await this.redis.unlink(`${QUEUE_PREFIX}:${EVENTS_QUEUE}:${jobId}`);
      await eventually(() => orphans.heal().then(() => true));
    }
    for (const worker of this.workers) {
      await this.doors[0]?.events.add(batchOf('adobe', ACTIVITY));
      const [jobId = ''] = (await this.batches()).slice(-1);
      await worker.run(jobId, { ...(await this.batchOf(jobId)), source: 'io' });
    }
    await this.redis.flushdb();
  }

  private door(): Door {
    const process = new GatedProcess(this.url);
    const connection = process.forRequests();
    const queue = new Queue(EVENTS_QUEUE, { ...EVENTS_OPTIONS, connection, prefix: QUEUE_PREFIX });
    queue.on('error', () => undefined);
    return { process, events: new EventsQueue(process), orphans: this.parts.orphans(connection, queue) };
  }

  private worker(): Bench {
    const process = new GatedProcess(this.url);
    const metrics = new Metrics();
    const events = new EventsQueue(process);
    const loops = new LoopGuard(new Loops(process), events);
    const actions = new ActionsQueue(new LaneQueues(process.forWorkers()));
    const ruleSet = compileRuleSet({ rules: [RULE, CALM_RULE], conditions: {}, lists: {} });
    const rules: Pick<RuleStore, 'current'> = { current: () => ruleSet };
    const seen = this.parts.seen(process, { now: () => this.now });
    const processor = new Processor(
      new Batches(this.parts.bodies(process.forWorkers()), seen, ROOMY as Backlog, CONNECTIONS),
      new Judge(
        rules as RuleStore,
        new Knowledge(
          this.parts.memory(process),
          NOBODY as LeadLookUp,
          NO_USAGE as Usage,
          new OwnWrites(process),
        ),
        new FlowGate(this.parts.flow(process), new Silences(process), loops, CONNECTIONS),
        metrics,
      ),
      new Consequences(actions, new HeldEffects(process), events),
      new RulesBook(new Journal(process), metrics),
    );
    return { process, run: async (id, data) => processor.process(jobOf(id, data)) };
  }
}

/** Without a queue that calls it: the simulation does. */
class Processor extends RulesProcessor {
  override get worker(): Worker {
    return { name: EVENTS_QUEUE } as Worker;
  }
}

/** What BullMQ hands to a worker; it would try for an hour. */
function jobOf(id: string, data: StoredBatch): Job {
  return { id, data, timestamp: 0, attemptsMade: 0, attemptsStarted: 1, opts: { attempts: 13 } } as Job;
}
