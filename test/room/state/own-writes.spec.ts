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

  it('remembers writes to a lead for six hours', async () => {
    for (let list = 0; list < 20; list++) await note(`effect ${list}`, list, START + list);
    const ttl = await redis.pttl(ownerKey('ada'));
    expect(ttl).toBeGreaterThan(6 * HOUR - MINUTE);
    await note('new', 99, START + 7 * HOUR);
    expect(await redis.hstrlen(ownerKey('ada'), WRITES_FIELD)).toBeLessThan(250);
  });

  describe('of a lead to whom more is written than is remembered one by one', () => {
    const valued = (value: number, what = 'stage'): OwnActivity => ({
      ...{ type: 'marketo.activity.changedatavalue', what, value: String(value) },
    });
    const write = async (ruleId: string, value: number, at = START + value): Promise<void> => {
      const firing = {
        effectId: `${ruleId} ${value}`,
        ruleId,
        eventId: `for ${value}`,
        depth: 1 + (value % 7),
      };
      await writes.note('ada', { ...firing, activities: [valued(value)] }, at);
    };
    const told = (activity: OwnActivity, time: number): Echo => ({
      ...echo(0),
      detail: () => ({ time, activity, leeway: 'none', byCampaign: false }),
    });
    const rulesBehind = async (...echoes: Echo[]): Promise<(string | undefined)[]> =>
      (await writes.behind(await open(), echoes)).map((write) =>
        write?.made === true ? write.ruleId : undefined,
      );

    it('takes as many of the kind for ours as have not come back, and no more', async () => {
      for (let value = 0; value < 100; value += 1) await write('a/loop', value);
      const echoes = Array.from({ length: 100 }, (_, value) => told(valued(value), START + 1_000 + value));
      expect(await rulesBehind(...echoes)).toEqual(echoes.map(() => 'a/loop'));
      expect(await rulesBehind(told(valued(100), START + 1_000))).toEqual([undefined]);
      expect(await redis.hstrlen(ownerKey('ada'), WRITES_FIELD)).toBeLessThan(5_000);
    });

    it('counts no value that somebody changed since', async () => {
      for (let value = 0; value < 32; value += 1) await write('a/loop', value);
      expect(await rulesBehind(told(valued(1_000), START + 20 * MINUTE))).toEqual([undefined]);
      for (let value = 32; value < 64; value += 1) await write('a/loop', value, START + 30 * MINUTE);
      expect(await rulesBehind(told(valued(1_001), START + 31 * MINUTE))).toEqual([undefined]);
    });

    it('goes by the rule, the kind and the time', async () => {
      for (let value = 0; value < 40; value += 1) await write('a/loop', value);
      for (let value = 40; value < 80; value += 1) await write('b/loop', value);
      const others = [
        { ...told(valued(1), START), owner: 'bob' },
        told(added(1), START),
        told(valued(1), START - 2 * MINUTE),
        told(valued(1), START + 7 * HOUR),
      ];
      expect(await rulesBehind(...others)).toEqual(others.map(() => undefined));
      const found = await rulesBehind(
        ...Array.from({ length: 80 }, (_, value) => told(valued(value), START + value)),
      );
      expect(found.filter((rule) => rule === 'a/loop')).toHaveLength(40);
      expect(found.filter((rule) => rule === 'b/loop')).toHaveLength(40);
    });

    it('knows those one by one that are still to come back, however many have', async () => {
      await write('a/waits', 1_000, START);
      for (let value = 0; value < 100; value += 1) {
        await write('a/loop', value);
        expect(await rulesBehind(told(valued(value), START + value))).toEqual(['a/loop']);
      }
      expect(await rulesBehind(told(valued(-1), START + 1_000))).toEqual([undefined]);
      expect(await rulesBehind(told(valued(1_000), START + 1_000))).toEqual(['a/waits']);
    });

    it('goes on the deepest of the chains, and lets a campaign answer what is not kept any more', async () => {
      for (let value = 0; value < 60; value += 1) await write('a/loop', value);
      const [made, answered] = await writes.behind(await open(), [
        told(valued(-1), START + 1_000),
        campaigns(START + 5),
      ]);
      expect(made).toMatchObject({ made: true, ruleId: 'a/loop', depth: 7 });
      expect(answered).toMatchObject({ made: false, ruleId: 'a/loop' });
    });

    it('loses nothing of it when one is made again or withdrawn', async () => {
      for (let value = 0; value < 60; value += 1) await write('a/loop', value);
      for (let value = 0; value < 30; value += 1) await write('a/loop', value, START + MINUTE);
      for (let value = 0; value < 60; value += 1) await writes.withdraw('ada', `a/loop ${value}`);
      const echoes = Array.from({ length: 28 }, (_, value) => told(valued(value), START + 1_000));
      expect(await rulesBehind(...echoes)).toEqual(echoes.map(() => 'a/loop'));
    });
  });

  describe('of a value that somebody changed since', () => {
    const stage = (value: string): OwnActivity => ({
      ...{ type: 'marketo.activity.changedatavalue', what: 'stage', value },
    });
    const told = (activity: OwnActivity, time: number, byCampaign = false): Echo => ({
      ...echo(0),
      detail: () => ({ time, activity, leeway: 'none', byCampaign }),
    });
    beforeEach(async () => {
      const firing = { effectId: 'one', ruleId: 'a/rule', eventId: 'e', depth: 1 };
      await writes.note('ada', { ...firing, activities: [stage('mql'), added(1)] }, START);
    });

    it.each([
      ['somebody', false],
      ['a campaign', true],
    ])('takes the same value later for no write of ours, when %s changed it', async (_, byCampaign) => {
      expect(await behind(told(stage('sql'), START + 20 * MINUTE, byCampaign))).toEqual([undefined]);
      expect(await behind(told(stage('mql'), START + 40 * MINUTE))).toEqual([undefined]);
      expect(await behind(echo(1, START + 40 * MINUTE))).toEqual(['made one']);
    });

    it('knows what comes late for ours all the same', async () => {
      const changed = told(stage('sql'), START + 20 * MINUTE);
      expect(await behind(changed, told(stage('mql'), START + 1_000))).toEqual([undefined, 'made one']);
    });

    it('does not take what happened at about the time of the write for later', async () => {
      expect(await behind(told(stage('sql'), START + 5 * MINUTE))).toEqual([undefined]);
      expect(await behind(told(stage('mql'), START + 6 * MINUTE))).toEqual(['made one']);
    });
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

  it('answers by what was written before the batch asked first, however soon the next write follows', async () => {
    for (let round = 0; round < 20; round += 1) {
      const batch = await open(`round-${round}`);
      const echoes = [echo(2 * round), echo(2 * round + 1)];
      const [, first] = await Promise.all([
        note(`early ${round}`, 2 * round),
        writes.behind(batch, echoes),
        note(`late ${round}`, 2 * round + 1),
      ]);
      const found = first.map((write) => write?.effectId);
      expect(found).toEqual([`early ${round}`, undefined]);
      expect(await writes.behind(batch, echoes)).toEqual(first);
    }
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
