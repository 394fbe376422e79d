import { Redis } from 'ioredis';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import type { NewSilence } from '../../../src/state/new-silence.js';
import { MOST_SILENCES, Silences } from '../../../src/state/silences.js';
import { failureOf } from '../../support/attempts.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const NOW = Date.parse('2026-11-26T10:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const WANTED: NewSilence = {
  rules: 'leads/*',
  owner: 'ops',
  reason: 'a migration',
  until: '2026-11-26T12:00:00Z',
  createdBy: 'cli:ops',
};

describe('silences', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let raw: Redis;
  let silences: Silences;
  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    raw = new Redis(redis.url);
  });
  afterAll(async () => {
    raw.disconnect();
    await connections.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await raw.flushall();
    silences = new Silences(connections);
  });

  /** How often the silences were read since the last time that this was asked. */
  async function reads(): Promise<number> {
    const stats = await raw.info('commandstats');
    await raw.config('RESETSTAT');
    return Number(/cmdstat_hvals:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  }

  it('are kept with their times in UTC, and listed the oldest first', async () => {
    const first = await silences.add({ ...WANTED, until: '2026-11-26 14:00+02:00' }, NOW);
    const second = await silences.add({ ...WANTED, rules: '*', from: '2026-11-26T11:00Z' }, NOW + 1);
    expect(first).toEqual({
      ...WANTED,
      id: expect.stringMatching(/^[0-9a-f]{10}$/) as string,
      from: '2026-11-26T10:00:00.000Z',
      until: '2026-11-26T12:00:00.000Z',
      createdAt: '2026-11-26T10:00:00.000Z',
    });
    expect(second.from).toBe('2026-11-26T11:00:00.000Z');
    expect(await new Silences(connections).list(NOW + 2)).toEqual([first, second]);
  });

  it('that have ended can be looked up for seven days, and no longer', async () => {
    const { id } = await silences.add(WANTED, NOW);
    const end = NOW + 2 * HOUR;
    const found = async (now: number) => [
      (await silences.current(now)).length,
      (await silences.list(now)).length,
    ];
    expect(await found(end - 1)).toEqual([1, 1]);
    expect(await found(end + 1_000)).toEqual([0, 1]);
    expect(await found(end + 7 * DAY - 1)).toEqual([0, 1]);
    expect(await found(end + 7 * DAY)).toEqual([0, 0]);
    const later = end + 7 * DAY;
    await silences.add({ ...WANTED, until: new Date(later + HOUR).toISOString() }, later);
    expect(await raw.hexists('{signalman}:rule-silences', id)).toBe(0);
  });

  it('are ended at once, and only once', async () => {
    const { id } = await silences.add(WANTED, NOW);
    expect((await silences.end(id, NOW + HOUR)).until).toBe('2026-11-26T11:00:00.000Z');
    expect(await silences.current(NOW + HOUR)).toEqual([]);
    expect(await failureOf(silences.end(id, NOW + HOUR))).toMatchObject({
      code: 'silence.over',
      message: `Silence ${id} ended at 2026-11-26T11:00:00.000Z.`,
    });
    const slip = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
    expect(await failureOf(silences.end(slip, NOW))).toMatchObject({
      code: 'silence.unknown',
      message: `There is no silence "${slip}". Did you mean ${id}?`,
    });
  });

  it('are read once a second however often they are asked for, and heeded by other processes after it', async () => {
    const other = new Silences(connections);
    expect(await other.current(NOW)).toEqual([]);
    const added = await silences.add(WANTED, NOW);
    await reads();
    for (let ms = 0; ms < 1_000; ms += 10)
      await Promise.all([other.current(NOW + ms), other.current(NOW + ms)]);
    expect(await reads()).toBe(0);
    expect(await other.current(NOW + 1_000)).toEqual([added]);
    expect(await other.current(NOW + 1_999)).toEqual([added]);
    expect(await reads()).toBe(1);
  });

  it('are the same objects as long as nobody changes them, so that their windows need not be worked out anew', async () => {
    await silences.add(WANTED, NOW);
    const other = new Silences(connections);
    const [before] = await other.current(NOW);
    await silences.add({ ...WANTED, rules: '*' }, NOW + 1);
    const after = await other.current(NOW + 1_000);
    expect(after).toHaveLength(2);
    expect(after.find(({ id }) => id === before?.id)).toBe(before);
  });

  it('are read again after a clock was set back', async () => {
    expect(await silences.current(NOW)).toEqual([]);
    await new Silences(connections).add(WANTED, NOW - HOUR);
    expect(await silences.current(NOW - HOUR)).toHaveLength(1);
  });

  it('are so many at most, of which the ended ones do not count', async () => {
    const { id } = await silences.add(WANTED, NOW);
    await silences.end(id, NOW + 1);
    for (let i = 0; i < MOST_SILENCES; i++) await silences.add(WANTED, NOW + 2);
    const failure = await failureOf(silences.add(WANTED, NOW + 3));
    expect([failure.code, failure.message]).toEqual([
      'silence.too_many',
      'There are 500 silences: end some of them first.',
    ]);
  });

  const every = { cron: '0 22 * * 6', forMs: HOUR, timeZone: 'Europe/Berlin' };
  it.each<[Partial<NewSilence>, RegExp]>([
    [{ rules: '' }, /id of a rule/],
    [{ rules: 'a b' }, /id of a rule/],
    [{ reason: 'two\nlines' }, /reason .* in one line/],
    [{ reason: '  ' }, /reason/],
    [{ owner: '\u001b[2J' }, /owner .* in one line/],
    [{ until: 'tomorrow' }, /as until a time such as/],
    [{ until: '2026-11-26T10:00:00Z' }, /in the future/],
    [{ until: '2028-01-01' }, /a year at most/],
    [{ from: '2026-11-26T13:00:00Z' }, /end after it begins/],
    [{ where: { leadId: '7x' } }, /in digits/],
    [{ where: { munchkinId: 'mine' } }, /123-ABC-456/],
    [{ where: { type: 'a.*b' } }, /event type/],
    [{ where: { type: '' } }, /event type/],
    [{ every: { ...every, forMs: 0 } }, /such as 2h/],
    [{ every: { ...every, timeZone: 'Europe/Atlantis' } }, /no time zone "Europe\/Atlantis"/],
    [{ every: { ...every, cron: '0 0 30 2 *' } }, /never comes/],
    [{ every: { ...every, cron: '0 0 22 * * 6' } }, /minute, hour, day of month/],
    [{ every: { ...every, cron: '? * * * *' } }, /never comes/],
    [{ every: { ...every, cron: '99 * * * *' } }, /minute, hour, day of month/],
  ])('cannot be set with %j', async (wrong, message) => {
    const failure = await failureOf(silences.add({ ...WANTED, ...wrong }, NOW));
    expect([failure.code, failure.retry.kind]).toEqual(['silence.invalid', 'never']);
    expect(failure.message).toMatch(message);
    expect(await raw.keys('*')).toEqual([]);
  });

  it.each(['marketo.activity.newlead', 'marketo.*', '*', 'com.acme/x.y*.z'])(
    'can be for the type %s',
    async (type) => {
      expect((await silences.add({ ...WANTED, where: { type } }, NOW)).where).toEqual({ type });
    },
  );
});
