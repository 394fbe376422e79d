import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { Throttles, type TurnRequest } from '../../../src/state/throttles.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const HOUR = 3_600_000;

describe('Throttles', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let throttles: Throttles;
  let rule = 0;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    throttles = new Throttles(connections);
  });
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });
  beforeEach(() => {
    rule += 1;
  });

  const at = (hours: number, eventId: string, key = 'lead 7'): TurnRequest => ({
    ruleId: `rule-${rule}`,
    key,
    eventId,
    time: 1_700_000_000_000 + hours * HOUR,
    everyMs: HOUR,
  });
  const granted = async (...requests: TurnRequest[]): Promise<boolean[]> =>
    (await throttles.claim(requests)).map((turn) => turn.granted);

  it('grants one turn a key in the time, by the events’ own times', async () => {
    expect(await granted(at(0, 'a'), at(0.5, 'b'), at(0.99, 'c'), at(1, 'd'))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('keeps keys and rules apart', async () => {
    expect(await granted(at(0, 'a', 'lead 7'), at(0, 'b', 'lead 8'))).toEqual([true, true]);
    rule += 1;
    expect(await granted(at(0, 'a', 'lead 7'))).toEqual([true]);
  });

  it('says until when', async () => {
    const [, second] = await throttles.claim([at(0, 'a'), at(0.25, 'b')]);
    expect(second).toEqual({ granted: false, until: at(1, '').time });
  });

  it('hands what was held back to the next turn, each event once', async () => {
    await granted(at(0, 'a'), at(0.1, 'b'), at(0.2, 'c'), at(0.1, 'b'));
    const [next] = await throttles.claim([at(2, 'd')]);
    expect(next).toEqual({ granted: true, heldBack: { count: 2, events: ['b', 'c'] } });
  });

  it('answers a redelivered batch as the first time, also after the turn moved on', async () => {
    const batch = [at(0, 'a'), at(0.5, 'b'), at(1, 'c'), at(1.2, 'd'), at(3, 'e')];
    const first = await throttles.claim(batch);
    expect(await throttles.claim(batch)).toEqual(first);
    expect(await throttles.claim([...batch].reverse())).toEqual([...first].reverse());
  });

  it('gives an event that comes late its own turn, unless one lies close by', async () => {
    await granted(at(10, 'now'));
    expect(await granted(at(5, 'late'), at(5.5, 'late and close'), at(9.5, 'before now'))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('lists the first fifty that were held back and counts them all', async () => {
    await granted(at(0, 'first'), ...Array.from({ length: 60 }, (_, i) => at(0.01, `held-${i}`)));
    const [next] = await throttles.claim([at(2, 'next')]);
    expect(next?.granted && next.heldBack.count).toBe(60);
    expect(next?.granted && next.heldBack.events).toHaveLength(50);
  });

  it('grants exactly one of many workers that ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => granted(at(0, `event-${i}`))));
    expect(answers.flat().filter(Boolean)).toHaveLength(1);
  });

  it('leaves nothing in Redis that does not expire', async () => {
    await granted(at(0, 'a'), at(0.5, 'b'));
    const client = connections.forWorkers();
    const keys = await client.keys('signalman:throttle:*');
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(await client.pttl(key)).toBeGreaterThan(0);
  });
});
