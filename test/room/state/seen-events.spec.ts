import type { Redis } from 'ioredis';
import { claimsKey, REMEMBER_MS } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SeenEvents } from '../../../src/state/seen-events.js';
import { CLAIM_EVENTS } from '../../../src/state/seen-script.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const DAY = 24 * 3_600_000;
const MINUTE = 60_000;

describe('SeenEvents', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let seen: SeenEvents;
  let now = 0;

  beforeAll(async () => {
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    seen = new SeenEvents(connections, { now: () => now });
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
    now = Date.parse('2026-11-24T10:00:00Z');
  });

  const claim = (owner: string, ...ids: string[]): Promise<boolean[]> =>
    seen.claim(
      owner,
      ids.map((id) => ({ id })),
    );

  it('grants an event to the first who claims it', async () => {
    expect(await claim('b1', 'a', 'b')).toEqual([true, true]);
    expect(await claim('b2', 'b', 'c', 'a')).toEqual([false, true, false]);
  });

  it('tells an owner again what it was told before, and others nothing else', async () => {
    await claim('b1', 'a');
    const first = await claim('b2', 'a', 'b', 'c');
    expect(await claim('b2', 'a', 'b', 'c')).toEqual(first);
    // Another version of the program may read one more event in the same bodies.
    expect(await claim('b2', 'c', 'd', 'a')).toEqual([true, true, false]);
    expect(await claim('b3', 'a', 'b', 'c', 'd')).toEqual([false, false, false, false]);
  });

  it('answers a command alike that is sent again because its answer was lost with the connection', async () => {
    const [first, second] = ['1000000000000000001', '1000000000000000002'];
    const send = (part: number, event: string): Promise<unknown> =>
      redis.eval(CLAIM_EVENTS, 1, claimsKey('b1'), 'seen:', 7, DAY, DAY, 'a-call', part, event);
    expect(await send(0, first)).toBe('1');
    expect(await send(500, second)).toBe('1');
    expect([await send(0, first), await send(500, second)]).toEqual(['1', '1']);
  });

  it('grants one of several that are the same in one call, also when it is repeated', async () => {
    expect(await claim('b1', 'a', 'b', 'a', 'a')).toEqual([true, true, false, false]);
    expect(await claim('b1', 'a', 'b', 'a', 'a')).toEqual([true, true, false, false]);
  });

  it('grants each event to one of many who claim at once', async () => {
    const ids = Array.from({ length: 1_200 }, (_, i) => `event-${i}`);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, owner) =>
        claim(`b${owner}`, ...ids.slice(owner * 50), ...ids.slice(0, owner * 50)),
      ),
    );
    expect(answers.flat().filter(Boolean)).toHaveLength(ids.length);
  });

  it('asks nothing for nothing', async () => {
    expect(await claim('b1')).toEqual([]);
    expect(await redis.dbsize()).toBe(0);
  });

  it('takes any text for an id', async () => {
    const odd = ['', ' ', '\0', '\ud800', 'ü'.repeat(10_000), '__proto__', '1', '-1', '{signalman}'];
    expect(await claim('b1', ...odd)).toEqual(odd.map(() => true));
    expect(await claim('b2', ...odd)).toEqual(odd.map(() => false));
  });

  it('remembers from the last arrival, not from the first', async () => {
    await claim('b1', 'a');
    for (let copy = 0; copy < 5; copy += 1) {
      now += REMEMBER_MS;
      expect(await claim(`copy-${copy}`, 'a')).toEqual([false]);
    }
  });

  it('forgets in the end', async () => {
    await claim('b1', 'a');
    now += 2 * REMEMBER_MS + DAY;
    expect(await claim('b2', 'a')).toEqual([true]);
  });

  it('recognises what a worker claimed whose clock is ahead', async () => {
    now = Math.ceil(now / REMEMBER_MS) * REMEMBER_MS;
    await claim('b1', 'a');
    now -= 9 * DAY;
    expect(await claim('b2', 'a')).toEqual([false]);
  });

  it('answers an owner who comes back when all is forgotten as it did before', async () => {
    await claim('b1', 'a');
    await claim('b2', 'a', 'b');
    now += 100 * DAY;
    expect(await claim('b2', 'a', 'b')).toEqual([false, true]);
  });

  it('leaves nothing behind that does not expire, and nothing that expires too early', async () => {
    const ids = Array.from({ length: 9_000 }, (_, i) => `event-${i}`);
    await claim('b1', ...ids);
    const keys = (await redis.keys('*')).filter((key) => key !== claimsKey('b1'));
    const ends = await Promise.all(keys.map(async (key) => Date.now() + (await redis.pttl(key))));
    expect(keys.length).toBeGreaterThan(17);
    const [earliest, latest] = [Math.min(...ends), Math.max(...ends)];
    expect(latest - earliest).toBeLessThan(MINUTE);
    expect(earliest - Date.now()).toBeGreaterThan(REMEMBER_MS);
    expect(latest - Date.now()).toBeLessThan(2 * REMEMBER_MS + 2 * DAY);
    expect(await redis.pttl(claimsKey('b1'))).toBeGreaterThan(29 * DAY);
  });

  it('works on after Redis lost its scripts', async () => {
    await claim('b1', 'a');
    await redis.script('FLUSH');
    expect(await claim('b2', 'a', 'b')).toEqual([false, true]);
  });
});
