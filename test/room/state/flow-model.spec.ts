import fc from 'fast-check';
import type { Redis } from 'ioredis';
import type { Bound, FlowStep, FlowStore, Passage, Passed, Ripe } from '../../../src/contracts/flow.js';
import { ERASED_FIELD } from '../../../src/contracts/memory.js';
import { ownerKey, STORED_KEY } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { MapFlow } from '../../../src/state/map-flow.js';
import { RedisFlow } from '../../../src/state/redis-flow.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { DAY, endInRedis, MINUTE, ownerOf, passageOf, START } from './flow-passages.js';

/** What may stand between a match of a rule and acting. */
interface Flow {
  readonly sequence: undefined | 'then' | 'unless';
  readonly within: number;
  readonly every: undefined | number;
  readonly inhibitedBy: undefined | number;
  readonly group: undefined | { readonly wait: number; readonly max: number };
  /** Minutes of the clock until its hours begin. */
  readonly opensIn: undefined | number;
  readonly limit: undefined | { readonly within: number; readonly bounds: readonly Bound[] };
}

interface Occurrence {
  readonly rule: number;
  /** An event comes as a match, as the second part of a sequence, or cannot be judged yet. */
  readonly as: 'match' | 'second' | 'undecided';
  readonly id: number;
  readonly minute: number;
  readonly lateBy: number;
  readonly lead?: number;
  /** What the rule goes by: the lead, or one key for all. */
  readonly perLead: boolean;
  readonly suppressed: boolean;
}

type Step =
  | { readonly kind: 'batch'; readonly occurrences: readonly Occurrence[] }
  | { readonly kind: 'again'; readonly which: number; readonly first: number }
  | { readonly kind: 'clock'; readonly minutes: number }
  | { readonly kind: 'ripe'; readonly limit: number; readonly settle: boolean; readonly decided: boolean }
  | { readonly kind: 'end'; readonly lead: number; readonly into?: number };

const RULES = 2;
const LEADS = 2;
const rule = fc.nat({ max: RULES - 1 });
const lead = fc.nat({ max: LEADS - 1 });
const span = fc.constantFrom(2, 5, 10);
/** Each member only so often, or nothing would ever come far. */
const sometimes = <T>(value: fc.Arbitrary<T>, percent: number) =>
  fc.integer({ min: 1, max: 100 }).chain((n) => (n <= percent ? value : fc.constant(undefined)));
const bound = fc.record({
  counts: fc.constantFrom('firings' as const, 'leads' as const),
  most: fc.integer({ min: 1, max: 6 }),
  reason: fc.constantFrom('more than it may', 'too much'),
});
const flow: fc.Arbitrary<Flow> = fc.record({
  sequence: sometimes(fc.constantFrom('then' as const, 'unless' as const), 60),
  within: span,
  every: sometimes(span, 40),
  inhibitedBy: sometimes(rule, 40),
  group: sometimes(fc.record({ wait: span, max: fc.integer({ min: 1, max: 4 }) }), 30),
  opensIn: sometimes(fc.constantFrom(1, 10), 25),
  limit: sometimes(fc.record({ within: span, bounds: fc.array(bound, { minLength: 1, maxLength: 2 }) }), 30),
});
const occurrence: fc.Arbitrary<Occurrence> = fc.record(
  {
    rule,
    as: fc.constantFrom('match', 'match', 'second', 'second', 'undecided'),
    id: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 100, max: 1e9 }) },
      { weight: 1, arbitrary: fc.nat({ max: 9 }) },
    ),
    minute: fc.oneof(
      { weight: 9, arbitrary: fc.nat({ max: 12 }) },
      { weight: 1, arbitrary: fc.integer({ min: -3_000, max: 3_000 }) },
    ),
    lateBy: fc.constantFrom(0, 0, 5),
    lead,
    perLead: fc.boolean(),
    suppressed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  },
  { requiredKeys: ['rule', 'as', 'id', 'minute', 'lateBy', 'perLead', 'suppressed'] },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      occurrences: fc.array(occurrence, { maxLength: 8, size: 'max' }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('again' as const), which: fc.nat(), first: fc.nat() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), minutes: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('ripe' as const),
      limit: fc.integer({ min: 1, max: 5 }),
      settle: fc.boolean(),
      decided: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { kind: fc.constant('end' as const), lead, into: lead },
      { requiredKeys: ['kind', 'lead'] },
    ),
  },
);

/** The passage of an event through the flow of a rule. */
function passageFor(flows: readonly Flow[], occurrence: Occurrence, step: FlowStep, now: number): Passage {
  const { within, sequence, every, inhibitedBy, group, opensIn, limit } = flows[occurrence.rule] as Flow;
  const person = occurrence.lead === undefined ? undefined : ownerOf(`lead ${occurrence.lead}`);
  const owner = (occurrence.perLead ? person : undefined) ?? ownerOf('everybody');
  const place = (word: string, of = occurrence.rule) => ({ owner, field: `~${word}${of}` });
  const blank = passageOf(`event-${occurrence.id}`, occurrence.minute);
  return {
    ...blank,
    ...(person === undefined ? {} : { lead: person }),
    ruleId: `rule-${occurrence.rule}`,
    step,
    receivedAt: blank.time + occurrence.lateBy * MINUTE,
    suppressed: occurrence.suppressed,
    ...(sequence && { sequence: { kind: sequence, place: place('s'), withinMs: within * MINUTE } }),
    inhibitors:
      inhibitedBy === undefined
        ? []
        : [{ by: `rule-${inhibitedBy}`, place: place('i', inhibitedBy), withinMs: within * MINUTE }],
    ...(every !== undefined && { throttle: { place: place('t'), everyMs: every * MINUTE } }),
    ...(opensIn !== undefined && { notBefore: { place: place('h'), at: now + opensIn * MINUTE } }),
    ...(group && { group: { place: place('g'), waitMs: group.wait * MINUTE, max: group.max } }),
    ...(limit && {
      limit: { withinMs: limit.within * MINUTE, bounds: limit.bounds, people: person ? [person] : [] },
    }),
    announces: [{ place: place('i'), keepMs: DAY }],
    again: { place: place('u'), at: now + 2 * MINUTE },
  };
}

function stepOf({ as }: Occurrence, { sequence }: Flow): FlowStep {
  return as === 'second' ? (sequence ?? 'match') : as;
}

/** Runs a programme against both stores, and everything that they say must be the same. */
class Programme {
  private now = START;
  private merged = false;
  private readonly mapFlow = new MapFlow();
  private readonly occurrences = new Map<string, Occurrence>();
  private readonly batches: { name: string; passages: readonly Passage[]; answers: readonly Passed[] }[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly redisFlow: RedisFlow,
    private readonly flows: readonly Flow[],
  ) {}

  async run(steps: readonly Step[]): Promise<void> {
    for (const one of steps) {
      if (one.kind === 'batch') await this.batch(one.occurrences);
      else if (one.kind === 'again') await this.again(one);
      else if (one.kind === 'ripe') await this.ripe(one);
      else if (one.kind === 'clock') this.now += one.minutes * MINUTE;
      else await this.end(one);
    }
    // Everything that still waits comes due, so what was not told yet is compared too.
    this.now += 30 * DAY;
    while ((await this.ripe({ limit: 50, settle: true, decided: true })) > 0) this.now += DAY;
    await this.expectNothingLeft();
  }

  private async batch(occurrences: readonly Occurrence[]): Promise<void> {
    const name = `batch-${this.batches.length}`;
    const passages = occurrences.map((one) => {
      const asked = passageFor(this.flows, one, stepOf(one, this.flows[one.rule] as Flow), this.now);
      this.occurrences.set(`${asked.ruleId} ${asked.kept.event.id}`, one);
      return asked;
    });
    await this.redis.hset(STORED_KEY, name, '{}');
    const answers = await this.both((store) => store.pass(name, passages, this.now));
    this.batches.push({ name, passages, answers });
  }

  private async again({ which, first }: Step & { kind: 'again' }): Promise<void> {
    if (this.batches.length === 0) return;
    const { name, passages, answers } = this.batches[
      which % this.batches.length
    ] as (typeof this.batches)[number];
    const count = first % (passages.length + 1);
    const told = await this.both((store) => store.pass(name, passages.slice(0, count), this.now));
    expect(told).toEqual(answers.slice(0, count));
  }

  private async ripe({ limit, settle, decided }: Omit<Step & { kind: 'ripe' }, 'kind'>): Promise<number> {
    const ripe = await this.both((store) => store.ripe(this.now, limit));
    await Promise.all(
      ripe.map(async (one) => {
        const passage = this.onward(one, decided);
        const pass = () => this.both((store) => store.pass(one.id, [passage], this.now));
        const [first, again] = await Promise.all([pass(), pass()]);
        expect(again).toEqual(first);
      }),
    );
    if (settle) await this.both((store) => store.settle(ripe));
    await this.both((store) => store.nextDue());
    return ripe.length;
  }

  private onward({ ruleId, step, members, follow, heldBack }: Ripe, decided: boolean): Passage {
    const [member] = members;
    const occurrence = this.occurrences.get(`${ruleId} ${member?.event.id ?? ''}`) as Occurrence;
    if (step === 'undecided') return passageFor(this.flows, occurrence, decided ? 'match' : step, this.now);
    const waited = { members, ...(follow && { follow }), heldBack };
    return { ...passageFor(this.flows, occurrence, step, this.now), waited };
  }

  private async end({ lead, into }: Step & { kind: 'end' }): Promise<void> {
    const owner = ownerOf(`lead ${lead}`);
    const heir = into === undefined || into === lead ? undefined : ownerOf(`lead ${into}`);
    const ended = async (name: string): Promise<boolean> =>
      (await this.redis.hexists(ownerKey(name), ERASED_FIELD)) === 1;
    // Who was merged into whom through several steps is the business of the store of memory.
    if ((await ended(owner)) || (heir !== undefined && (await ended(heir)))) return;
    this.merged ||= heir !== undefined;
    await endInRedis(this.redis, owner, heir);
    this.mapFlow.end(owner, heir ?? '');
  }

  /** No wait, what is kept of an event only where somebody still waits for a second part, and all of it with an end. */
  private async expectNothingLeft(): Promise<void> {
    expect(await this.redis.keys('*:memo:*|*')).toEqual([]);
    expect(await this.redisFlow.nextDue()).toBeUndefined();
    const keys = await this.redis.keys(ownerKey('*'));
    for (const key of keys) expect(await this.redis.pttl(key)).toBeGreaterThan(7 * DAY);
    const states = (await Promise.all(keys.map((key) => this.redis.hgetall(key)))).flatMap(
      Object.entries<string>,
    );
    const waiting = states
      .filter(([field]) => field.startsWith('~s'))
      .map(([, text]) => text)
      .join();
    const left = states
      .map(([field]) => field)
      .filter((field) => field.includes('|') || field.startsWith('~k'));
    // Where people became one, what only the other's place knew of is left to expire.
    if (!this.merged) expect(left.filter((field) => !waiting.includes(field.slice(2)))).toEqual([]);
  }

  private async both<T>(ask: (store: FlowStore) => Promise<T>): Promise<T> {
    const [told, expected] = await Promise.all([ask(this.redisFlow), ask(this.mapFlow)]);
    expect(told).toEqual(expected);
    return told;
  }
}

describe('RedisFlow beside MapFlow', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let redisFlow: RedisFlow;

  beforeAll(async () => {
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    redisFlow = new RedisFlow(connections);
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });

  it('answers the same, whatever comes in whatever order', async () => {
    const flows = fc.array(flow, { minLength: RULES, maxLength: RULES });
    await fc.assert(
      fc.asyncProperty(flows, fc.array(step, { maxLength: 25, size: 'max' }), async (rules, steps) => {
        await redis.flushall();
        await new Programme(redis, redisFlow, rules).run(steps);
      }),
      { numRuns: 100, interruptAfterTimeLimit: 15_000 },
    );
  });
});
