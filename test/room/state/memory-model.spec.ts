import fc from 'fast-check';
import type { Redis } from 'ioredis';
import {
  type LogChange,
  type LogsBefore,
  type LogTouch,
  type MemoryRequest,
  PROFILE_FIELD,
} from '../../../src/contracts/memory.js';
import { ownerKey, REMEMBER_MS, STORED_KEY } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { MapMemory } from '../../../src/state/map-memory.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const HOUR = 3_600_000;
const OWNERS = ['ada', 'bob', 'cyd', 'dan', 'eve'];
const FIELDS = ['a', 'b', 'p'];
const PLACES = OWNERS.flatMap((owner) => FIELDS.map((field) => ({ owner, field })));

const owner = fc.constantFrom(...OWNERS);
const place = fc.constantFrom(...PLACES);
/** Few different bytes, so that logs often begin as somebody expects; none of them is text. */
const bytes = fc.array(fc.constantFrom(0, 128, 255), { maxLength: 3 }).map((list) => Buffer.from(list));
const keepMs = fc.integer({ min: 1, max: 2_000 }).map((hours) => hours * HOUR);

const request: fc.Arbitrary<MemoryRequest> = fc.record({
  touches: fc.uniqueArray(
    fc
      .tuple(place, fc.option(bytes, { nil: undefined }), keepMs)
      .map(([at, append, keep]) => ({ ...at, keepMs: keep, ...(append && { append }) })),
    { selector: (touch) => `${touch.owner} ${touch.field}`, maxLength: 8 },
  ),
  merges: fc.array(fc.record({ into: owner, from: fc.array(owner, { maxLength: 2 }) }), { maxLength: 1 }),
  erasures: fc.oneof(fc.constant([]), fc.constant([]), fc.array(owner, { maxLength: 1 })),
});

const change: fc.Arbitrary<LogChange> = fc.oneof(
  fc
    .tuple(place, bytes, keepMs)
    .map(([at, records, keep]) => ({ ...at, kind: 'append' as const, records, keepMs: keep })),
  fc
    .tuple(place, bytes, bytes)
    .map(([at, beginning, by]) => ({ ...at, kind: 'replace' as const, beginning, by })),
);

/** Batches are few, so that the same name comes again with another request, as after a change of rules. */
const BATCHES = Array.from({ length: 8 }, (_, serial) => `b${serial}`);
const batch = fc.constantFrom(...BATCHES);
type Step =
  | { readonly kind: 'batch'; readonly batch: string; readonly request: MemoryRequest }
  /** A batch comes whose first run ended after some of its touches. */
  | { readonly kind: 'cut'; readonly batch: string; readonly request: MemoryRequest; readonly made: number }
  | { readonly kind: 'again'; readonly which: number }
  | { readonly kind: 'improve'; readonly changes: readonly LogChange[] };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('batch' as const), batch, request }),
  fc.record({ kind: fc.constant('cut' as const), batch, request, made: fc.nat(7) }),
  fc.record({ kind: fc.constant('again' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('improve' as const), changes: fc.array(change, { maxLength: 4 }) }),
);

/** Each finds out once what is held. */
const READERS = Array.from({ length: 20 }, (_, serial) => `reader-${serial}`);
const touchesOnly = (touches: readonly LogTouch[]): MemoryRequest => ({ touches, merges: [], erasures: [] });
const EVERYTHING = touchesOnly(PLACES.map((at) => ({ ...at, keepMs: 1 })));

describe('RedisMemory beside MapMemory', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let memory: RedisMemory;

  beforeAll(async () => {
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    memory = new RedisMemory(connections);
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });

  async function startAnew(): Promise<void> {
    await redis.flushall();
    await redis.hset(STORED_KEY, Object.fromEntries([...BATCHES, ...READERS].map((name) => [name, '{}'])));
  }

  it('answers the same and holds the same, whatever comes, comes again or is cut short', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: READERS.length }), async (steps) => {
        await startAnew();
        const model = new MapMemory();
        const ask = async (name: string, asked: MemoryRequest): Promise<LogsBefore> => {
          const answer = await memory.exchange(name, asked);
          expect(answer).toEqual(await model.exchange(name, asked));
          return answer;
        };
        const came: { batch: string; request: MemoryRequest; answer: LogsBefore }[] = [];
        for (const [serial, what] of steps.entries()) {
          if (what.kind === 'improve') {
            await memory.improve(what.changes);
            await model.improve(what.changes);
          } else if (what.kind === 'again') {
            const earlier = came[what.which % came.length];
            if (earlier) expect(await ask(earlier.batch, earlier.request)).toEqual(earlier.answer);
          } else {
            if (what.kind === 'cut')
              await ask(what.batch, touchesOnly(what.request.touches.slice(0, what.made)));
            came.push({ ...what, answer: await ask(what.batch, what.request) });
          }
          await ask(READERS[serial] ?? '', EVERYTHING);
        }
      }),
      { numRuns: 250 },
    );
  });

  it('changes nothing when a batch comes again', async () => {
    const contents = async (): Promise<unknown> =>
      Promise.all(OWNERS.map((name) => redis.hgetallBuffer(ownerKey(name))));
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 5 }), async (requests) => {
        await startAnew();
        for (const [serial, each] of requests.entries()) await memory.exchange(`b${serial}`, each);
        const before = await contents();
        for (const [serial, each] of requests.entries()) await memory.exchange(`b${serial}`, each);
        expect(await contents()).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps an owner as long as the longest of all that asked, and never shortens it', async () => {
    const appends = request.map((each) => ({
      ...each,
      touches: each.touches
        .filter(({ field }) => field !== PROFILE_FIELD)
        .map((touch) => ({ ...touch, append: Buffer.from('r') })),
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(appends, { minLength: 1, maxLength: 8 }), async (requests) => {
        await startAnew();
        const ends = new Map<string, { keepMs: number; into?: string }>();
        for (const [serial, each] of requests.entries()) {
          await memory.exchange(`b${serial}`, each);
          noteEnds(ends, each);
          for (const name of OWNERS) {
            const wanted = ends.get(name)?.keepMs ?? 0;
            const left = Math.max(0, await redis.pttl(ownerKey(name)));
            // The test takes less than an hour. A sixteenth more is kept, so that it need not be written so often, and
            // one more with each merge.
            expect(left).toBeGreaterThan(wanted === 0 ? -1 : wanted - HOUR);
            expect(left).toBeLessThanOrEqual(Math.ceil(wanted * (17 / 16) ** (serial + 2)));
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** How long each owner is to be kept after a request; `into` marks those that have ended. */
function noteEnds(ends: Map<string, { keepMs: number; into?: string }>, request: MemoryRequest): void {
  const raise = (name: string, keep: number): void => {
    const end = ends.get(name);
    if (end?.into === undefined) ends.set(name, { keepMs: Math.max(end?.keepMs ?? 0, keep) });
  };
  const heirOf = (name: string): string => {
    const into = ends.get(name)?.into;
    return into === undefined || into === '' ? name : heirOf(into);
  };
  const end = (name: string, into: string): void => {
    const own = ends.get(name);
    const heir = into === '' ? '' : heirOf(into);
    if (own?.into !== undefined || heir === name) return;
    ends.set(name, {
      keepMs: into === '' ? REMEMBER_MS : Math.max(REMEMBER_MS, own?.keepMs ?? 0),
      into: heir,
    });
    if (heir !== '' && own !== undefined) raise(heir, own.keepMs);
  };
  for (const touch of request.touches) raise(touch.owner, touch.keepMs);
  for (const { into, from } of request.merges) for (const name of from) end(name, into);
  for (const name of request.erasures) end(name, '');
}
