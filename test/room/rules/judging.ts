import { ACTION_SCHEMAS } from '../../../src/actions/action-schemas.js';
import type { StoredBatch } from '../../../src/contracts/batch.js';
import type { Connections } from '../../../src/contracts/connections.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { depthBehind, type CanonicalEvent } from '../../../src/contracts/event.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { leadOwner } from '../../../src/contracts/lead-owner.js';
import { OWN, readBatch } from '../../../src/ingest/read-batch.js';
import type { LeadLookUp } from '../../../src/marketo/lead-look-up.js';
import type { Usage } from '../../../src/marketo/usage.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { memoKey, STORED_KEY } from '../../../src/redis/keys.js';
import type { RedisConnections } from '../../../src/redis/redis-connections.js';
import { compileRuleSet } from '../../../src/rules/engine/rule-set.js';
import { FlowGate } from '../../../src/rules/flow-gate.js';
import { Judge, type Judgement } from '../../../src/rules/judge.js';
import { Knowledge } from '../../../src/rules/knowledge.js';
import type { RuleStore } from '../../../src/rules/loading/rule-store.js';
import { LoopGuard } from '../../../src/rules/loop-guard/loop-guard.js';
import type { Rule } from '../../../src/rules/rule.js';
import { Loops } from '../../../src/state/loops.js';
import { OwnWrites } from '../../../src/state/own-writes.js';
import { RedisFlow } from '../../../src/state/redis-flow.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { Silences } from '../../../src/state/silences.js';
import { batchOf } from '../../support/delivery-samples.js';
import { eventually } from '../../support/eventually.js';
import { useRedis, type UsedRedis } from '../../support/use-redis.js';
import { INSTANCE } from './echoes.js';

const CONNECTIONS: Connections = {
  sources: {},
  destinations: {
    marketo: {
      kind: 'marketo',
      munchkinId: INSTANCE,
      origin: 'https://marketo.acme.example',
      clientId: 'id',
      clientSecret: 's',
    },
  },
};

/** The judge of a worker over a real Redis, and the post as far as it matters to the judge: what is written is noted. */
export class Judging {
  readonly ownWrites: OwnWrites;
  readonly memory: RedisMemory;
  rules: readonly Rule[] = [];
  private readonly judge: Judge;
  private readonly events: EventsQueue;
  private readonly redis;
  private serial = 0;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
    this.ownWrites = new OwnWrites(connections);
    this.memory = new RedisMemory(connections);
    this.events = new EventsQueue(connections);
    const usage: Pick<Usage, 'of'> = { of: () => Promise.resolve(undefined) };
    const leads: Pick<LeadLookUp, 'lookUp'> = { lookUp: () => Promise.resolve(new Map()) };
    const rules: Pick<RuleStore, 'current' | 'problems'> = {
      current: () => this.ruleSet(),
      problems: () => [],
    };
    this.judge = new Judge(
      rules as RuleStore,
      new Knowledge(this.memory, leads as LeadLookUp, usage as Usage, this.ownWrites),
      new FlowGate(
        new RedisFlow(connections),
        new Silences(connections),
        new LoopGuard(new Loops(connections), this.events),
        CONNECTIONS,
      ),
      new Metrics(),
    );
  }

  /** Resolves when it can tell of loops; a batch may have been stored by then. */
  async connected(): Promise<void> {
    await eventually(() => this.events.add(batchOf('signalman', {})).then(() => true));
  }

  async close(): Promise<void> {
    await this.events.onApplicationShutdown();
  }

  /** Judges a batch and closes it. */
  async see(...events: readonly CanonicalEvent[]): Promise<Judgement> {
    const batch = await this.open();
    const judgement = await this.run(batch, events);
    await this.redis.hdel(STORED_KEY, batch);
    await this.redis.del(memoKey(batch));
    return judgement;
  }

  /** @returns the name of a batch that is stored, and so can be judged, also again. */
  async open(): Promise<string> {
    this.serial += 1;
    await this.redis.hset(STORED_KEY, `b${this.serial}`, '{}');
    return `b${this.serial}`;
  }

  async run(batch: string, events: readonly CanonicalEvent[]): Promise<Judgement> {
    return await this.judge.judge(batch, events);
  }

  /** What the post does right before it sends. `at`: epoch milliseconds. */
  async write(
    { id, type, params, ruleId, eventId, cause }: Effect,
    at: number,
    plan?: JsonObject,
  ): Promise<void> {
    const { leadId = '', ...write } = ACTION_SCHEMAS.get(type)?.writes?.of(params, plan) ?? {
      activities: [],
    };
    const noted = { effectId: id, ruleId, eventId, depth: depthBehind(cause), ...write };
    await this.ownWrites.note(leadOwner(INSTANCE, leadId), noted, at);
  }

  /** The events of the engine's own that were put into the queue, each once however often it was. */
  async told(): Promise<CanonicalEvent[]> {
    const stored = await this.redis.hgetall(STORED_KEY);
    const bodies = new BatchBodies(this.redis);
    const found = new Map<string, CanonicalEvent>();
    for (const [id, text] of Object.entries(stored)) {
      const batch = JSON.parse(text) as Partial<StoredBatch>;
      if (batch.lengths === undefined) continue;
      const own = await bodies.get(id, batch.lengths);
      const { events } = readBatch({ ...(batch as StoredBatch), bodies: own ?? [] }, OWN);
      for (const event of events) found.set(event.id, event);
    }
    return [...found.values()];
  }

  private known:
    { readonly rules: readonly Rule[]; readonly ruleSet: ReturnType<typeof compileRuleSet> } | undefined;

  private ruleSet(): ReturnType<typeof compileRuleSet> {
    if (this.known?.rules !== this.rules)
      this.known = {
        rules: this.rules,
        ruleSet: compileRuleSet({ rules: this.rules, conditions: {}, lists: {} }),
      };
    return this.known.ruleSet;
  }
}

/** To be called in a `describe`: one judge for all its tests, with an empty Redis for each. */
export function useJudging(rules: readonly Rule[] = []): {
  readonly redis: UsedRedis;
  readonly judging: Judging;
} {
  let judging: Judging;
  // What was registered first ends first: it needs its Redis to end.
  afterAll(async () => {
    await judging.close();
  });
  const redis = useRedis();
  beforeAll(() => {
    judging = new Judging(redis.connections);
    judging.rules = rules;
  });
  return {
    redis,
    get judging() {
      return judging;
    },
  };
}

/** How a judgement went, a word a decision: `<rule> <outcome>`. */
export function outcomesOf({ decisions }: Judgement): string[] {
  return decisions.map(({ ruleId, outcome }) => `${ruleId} ${outcome}`);
}
