import type { Job, Worker as QueueWorker } from 'bullmq';
import type { RawBatch, StoredBatch } from '../../../src/contracts/batch.js';
import type { Connections } from '../../../src/contracts/connections.js';
import { Journal } from '../../../src/journal/journal.js';
import type { LeadLookUp } from '../../../src/marketo/lead-look-up.js';
import type { Usage } from '../../../src/marketo/usage.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import type { Backlog } from '../../../src/queues/backlog.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { LateTallies } from '../../../src/queues/late-tallies.js';
import { EVENTS_QUEUE } from '../../../src/queues/queue-names.js';
import { STORED_KEY } from '../../../src/redis/keys.js';
import type { RedisConnections } from '../../../src/redis/redis-connections.js';
import { Batches } from '../../../src/rules/batches.js';
import { Consequences } from '../../../src/rules/consequences.js';
import { compileRuleSet, type RuleSet } from '../../../src/rules/engine/rule-set.js';
import { FlowClock } from '../../../src/rules/flow-clock.js';
import { FlowGate } from '../../../src/rules/flow-gate.js';
import { Judge } from '../../../src/rules/judge.js';
import { Knowledge } from '../../../src/rules/knowledge.js';
import { LateWork } from '../../../src/rules/late-work.js';
import type { RuleStore } from '../../../src/rules/loading/rule-store.js';
import { LoopGuard } from '../../../src/rules/loop-guard/loop-guard.js';
import type { Rule } from '../../../src/rules/rule.js';
import { RulesBook } from '../../../src/rules/rules-book.js';
import { RulesProcessor } from '../../../src/rules/rules.processor.js';
import { Loops } from '../../../src/state/loops.js';
import { OwnWrites } from '../../../src/state/own-writes.js';
import { RedisFlow } from '../../../src/state/redis-flow.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { SeenEvents } from '../../../src/state/seen-events.js';
import { Silences } from '../../../src/state/silences.js';
import { ADOBE, batchOf } from '../../support/delivery-samples.js';
import { eventually } from '../../support/eventually.js';

const CONNECTIONS: Connections = {
  sources: { io: ADOBE },
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

/** What a worker meets outside of Redis. A test changes it as it likes. */
export class Surroundings {
  ruleSet: RuleSet = compileRuleSet({ rules: [], conditions: {}, lists: {} });
  hasRoom = true;
  lookUp: LeadLookUp['lookUp'] = () => Promise.resolve(new Map());

  putRules(...rules: Rule[]): void {
    this.ruleSet = compileRuleSet({ rules, conditions: {}, lists: {} });
  }

  roomForEffects(): Promise<boolean> {
    return Promise.resolve(this.hasRoom);
  }
}

/** The parts of one worker that see batches through, and what has waited for its time. */
export class WorkerParts {
  readonly clock: FlowClock;
  readonly journal: Journal;
  private readonly processor: Processor;
  private readonly events: EventsQueue;
  private readonly redis;

  constructor(process: RedisConnections, surroundings: Surroundings) {
    const metrics = new Metrics();
    const usage: Pick<Usage, 'of'> = { of: () => Promise.resolve(undefined) };
    const leads: Pick<LeadLookUp, 'lookUp'> = { lookUp: (wanted) => surroundings.lookUp(wanted) };
    const rules: Pick<RuleStore, 'current' | 'problems'> = {
      current: () => surroundings.ruleSet,
      problems: () => [],
    };
    const flow = new RedisFlow(process);
    this.events = new EventsQueue(process);
    const loops = new LoopGuard(new Loops(process), this.events);
    const judge = new Judge(
      rules as RuleStore,
      new Knowledge(new RedisMemory(process), leads as LeadLookUp, usage as Usage, new OwnWrites(process)),
      new FlowGate(flow, new Silences(process), loops, CONNECTIONS),
      metrics,
    );
    const actions = new ActionsQueue(new LaneQueues(process.forWorkers()));
    const consequences = new Consequences(actions, new HeldEffects(process), this.events);
    this.journal = new Journal(process);
    const book = new RulesBook(this.journal, metrics);
    const seen = new SeenEvents(process, { now: () => Date.now() });
    const bodies = new BatchBodies(process.forWorkers());
    const backlog = surroundings as Pick<Backlog, 'roomForEffects'> as Backlog;
    const batches = new Batches(bodies, seen, backlog, CONNECTIONS);
    this.processor = new Processor(batches, judge, consequences, book);
    this.clock = new FlowClock(
      flow,
      judge,
      new LateWork(consequences, book, new LateTallies(process)),
      backlog,
    );
    this.redis = process.forWorkers();
  }

  /** Resolves when it can take batches; one may have been stored by then. */
  async connected(): Promise<void> {
    await eventually(() => this.events.add(batchOf('adobe', {})).then(() => true));
  }

  /** Takes a batch as a door does, and sees it through as a worker does. */
  async take(batch: RawBatch): Promise<void> {
    await this.run(await this.store(batch));
  }

  /** @returns the id of its job */
  async store(batch: RawBatch): Promise<string> {
    const before = new Set(await this.redis.hkeys(STORED_KEY));
    await this.events.add(batch);
    const added = (await this.redis.hkeys(STORED_KEY)).find((id) => !before.has(id));
    return added ?? '';
  }

  /** Sees a batch through that is stored; nothing when another has done so. */
  async run(jobId: string): Promise<void> {
    const stored = await this.redis.hget(STORED_KEY, jobId);
    if (stored !== null) await this.processor.process(jobOf(jobId, JSON.parse(stored) as StoredBatch));
  }
}

/** Without a queue that calls it. */
class Processor extends RulesProcessor {
  override get worker(): QueueWorker {
    return { name: EVENTS_QUEUE } as QueueWorker;
  }
}

function jobOf(id: string, data: StoredBatch): Job {
  return { id, data, timestamp: 0, attemptsMade: 0, attemptsStarted: 1, opts: { attempts: 13 } } as Job;
}
