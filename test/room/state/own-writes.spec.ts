import type { Redis } from 'ioredis';
import { BatchClosed, type MemoryRequest } from '../../../src/contracts/memory.js';
import type { OwnActivity } from '../../../src/contracts/own-write.js';
import { ownerKey, STORED_KEY } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { OwnWrites, type Echo } from '../../../src/state/own-writes.js';
import { WRITES_FIELD } from '../../../src/state/own-writes-script.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const START = Date.parse('2026-05-04T10:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOTHING: MemoryRequest = { touches: [], merges: [], erasures: [] };

const added = (list: number): OwnActivity => ({
  ...{ type: 'marketo.activity.addtolist', what: String(list), value: '' },
});

describe('OwnWrites', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let writes: OwnWrites;
  let memory: RedisMemory;
  let serial = 0;

  beforeAll(async () => {
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    writes = new OwnWrites(connections);
    memory = new RedisMemory(connections);
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
  });

  async function note(effectId: string, list: number, at = START, owner = 'ada'): Promise<void> {
    const firing = { ruleId: `rule of ${effectId}`, eventId: `event of ${effectId}`, depth: 1 };
    await writes.note(owner, { effectId, ...firing, activities: [added(list)] }, at);
  }

  const echo = (list: number, time = START + 1_000, owner = 'ada'): Echo => {
    serial += 1;
    const eventId = `e${serial}`;
    const detail = { time, activity: added(list), leeway: 'none', byCampaign: false } as const;
    return { eventId, owner, detail: () => detail };
  };
  const campaigns = (time: number): Echo => ({
    ...echo(0),
    detail: () => ({ time, activity: undefined, leeway: 'none', byCampaign: true }),
  });

  async function open(batch = `b${serial}`): Promise<string> {
    await redis.hset(STORED_KEY, batch, '{}');
    return batch;
  }

  async function behind(...echoes: Echo[]): Promise<(string | undefined)[]> {
    const found = await writes.behind(await open(), echoes);
    return found.map((write) => write && `${write.made ? 'made' : 'before'} ${write.effectId}`);
  }

  it('says what is behind each event, in their order, by the whole of what was noted', async () => {
    await note('one', 1);
    await note('two', 2);
    expect(await behind(echo(2), echo(3), echo(1), echo(1))).toEqual([
      'made two',
      undefined,
      'made one',
      undefined,
    ]);
    expect(await writes.behind(await open(), [])).toEqual([]);
  });

  it('says it of more events than one script takes', async () => {
    await note('last', 1_199);
    const echoes = Array.from({ length: 1_200 }, (_, list) => echo(list));
    const found = await writes.behind(await open(), echoes);
    expect(found).toHaveLength(1_200);
    expect(found.flatMap((write, index) => (write === undefined ? [] : index))).toEqual([1_199]);
    expect(found.at(-1)).toEqual({
      ...{ made: true, effectId: 'last', ruleId: 'rule of last', eventId: 'event of last', depth: 1 },
    });
  });

  it('takes the latest write before it for what a campaign may have answered, for ten minutes', async () => {
    await note('one', 1);
    await note('two', 2, START + MINUTE);
    const times = [-1_000, 0, MINUTE - 1, MINUTE, 11 * MINUTE, 11 * MINUTE + 1];
    expect(await behind(...times.map((after) => campaigns(START + after)))).toEqual([
      undefined,
      'before one',
      'before one',
      'before two',
      'before two',
      undefined,
    ]);
  });

  it('keeps the time of the first attempt when one is made again, and lets it come back once more', async () => {
    await note('one', 1);
    expect(await behind(echo(1))).toEqual(['made one']);
    await note('one', 1, START + 2 * HOUR);
    expect(await behind(echo(1, START + 1_000), echo(1, START + 3 * HOUR))).toEqual(['made one', undefined]);
  });

  it('knows nothing any more of what was withdrawn', async () => {
    await note('one', 1);
    await note('two', 2);
    await writes.withdraw('ada', 'one');
    expect(await behind(echo(1), echo(2))).toEqual([undefined, 'made two']);
    await writes.withdraw('ada', 'two');
    expect(await redis.exists(ownerKey('ada'))).toBe(0);
  });

  it('remembers sixteen writes to a lead, for six hours', async () => {
    for (let list = 0; list < 20; list++) await note(`effect ${list}`, list, START + list);
    const found = await behind(...Array.from({ length: 20 }, (_, list) => echo(list)));
    expect(found.filter((write) => write === undefined)).toHaveLength(4);
    expect(found[3]).toBeUndefined();
    const ttl = await redis.pttl(ownerKey('ada'));
    expect(ttl).toBeGreaterThan(6 * HOUR - MINUTE);
    await note('new', 99, START + 7 * HOUR);
    expect(await redis.hstrlen(ownerKey('ada'), WRITES_FIELD)).toBeLessThan(200);
  });

  it('keeps nothing of a person who was erased, and takes it along when people are merged', async () => {
    await note('one', 1);
    await note('two', 2, START, 'bob');
    const batch = await open();
    await memory.exchange(batch, { ...NOTHING, merges: [{ into: 'cyd', from: ['bob'] }], erasures: ['ada'] });
    await note('three', 3);
    expect(await redis.hkeys(ownerKey('ada'))).toEqual(['x']);
    expect(await behind(echo(1), echo(3), echo(2, START + 1_000, 'cyd'))).toEqual([
      undefined,
      undefined,
      'made two',
    ]);
  });

  it('answers a batch again as before, also when the command is sent again, until the batch is closed', async () => {
    const batch = await open();
    const echoes = [echo(1), echo(2)];
    await note('one', 1);
    const first = await writes.behind(batch, echoes);
    await note('two', 2);
    expect(await writes.behind(batch, echoes)).toEqual(first);
    expect(first.map((write) => write?.effectId)).toEqual(['one', undefined]);
    await redis.hdel(STORED_KEY, batch);
    await expect(writes.behind(batch, echoes)).rejects.toThrow(BatchClosed);
  });
});
