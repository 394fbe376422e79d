import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import type { Rule } from '../../../src/rules/rule.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { GatedProcess, type Fate } from '../simulation/gated-process.js';
import { eventOf } from './echoes.js';
import { Judging } from './judging.js';
import { added } from './kinds-of-writes.js';

const START = Date.parse('2026-05-04T10:00:00Z');
const SECOND = 1_000;

const RULE: Rule = {
  ...{ id: 'a/rule', version: 'v1', description: 'd', mode: 'live', conditions: { all: [] } },
  on: ['marketo.activity.addtolist', 'marketo.activity.filloutform'],
  actions: [
    {
      type: 'marketo.addToList',
      params: { list: 1001, lead: '{{ leadId }}' },
      guarantee: 'at-least-once',
    },
  ],
};

describe('a batch with what we wrote and what a campaign answered', () => {
  let server: RedisForTest;
  let redis: Redis;
  let connections: RedisConnections;
  let steady: Judging;
  let process: GatedProcess;
  let victim: Judging;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startRedis({ durable: false });
    redis = new Redis(server.url);
    connections = new RedisConnections(server.url);
    steady = new Judging(connections);
    steady.rules = [RULE];
  });
  afterAll(async () => {
    await steady.close();
    await connections.close();
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    process = new GatedProcess(server.url);
    victim = new Judging(process);
    victim.rules = [RULE];
    await victim.connected();
    process.gateAll();
  });
  afterEach(() => {
    process.cut();
  });

  const fills = (at: number) =>
    eventOf({ lead: 1, at, guid: `fill-${at}`, activityType: 'Fill Out Form', activityTypeId: 2 });
  const ours = (at: number, guid: string) => eventOf({ lead: 1, at, guid, ...added(1001) });
  const answers = (at: number) =>
    eventOf({
      lead: 1,
      at,
      guid: `answer-${at}`,
      ...added(7, { members: { primaryAttributeValueId: 7, campaignId: 12 } }),
    });

  const BATCH = [
    ours(START + 44 * SECOND, 'ours'),
    answers(START + 50 * SECOND),
    ours(START + 51 * SECOND, 'by hand'),
  ];

  /** Three volleys, of which the last write has yet to come back. @returns the batch that is to be disturbed. */
  async function scene(): Promise<string> {
    await redis.flushall();
    for (const event of [fills(START), ...[10, 20, 40].map((seconds) => answers(START + seconds * SECOND))])
      for (const effect of (await steady.see(event)).effects)
        await steady.write(effect, Date.parse(event.time) + 3 * SECOND);
    // Those of the earlier rounds have come back.
    const earlier = [0, 10, 20].map((seconds) => ours(START + (seconds + 4) * SECOND, `earlier-${seconds}`));
    await steady.see(...earlier);
    return await steady.open();
  }

  /** All that there is to see when a batch was judged. */
  async function seen(batch: string): Promise<object> {
    const { decisions, effects } = await steady.run(batch, BATCH);
    const told = (await steady.told()).map(({ id, data }) => ({ id, data }));
    return { decisions, effects: effects.map(({ id, cause }) => ({ id, cause })), told };
  }

  it('comes to an end of each kind', async () => {
    expect(await seen(await scene())).toMatchObject({
      decisions: [{ outcome: 'own-write' }, { outcome: 'looped' }, { outcome: 'fired' }],
      told: [{ data: { stops: 1 } }],
    });
  });

  it.each([
    ['before', 0],
    ['after', Infinity],
  ])('comes to the same when its worker is killed %s any of its commands', async (_, sent) => {
    const undisturbed = await seen(await scene());
    let kills = 0;
    for (let ended = false; !ended; kills += 1) {
      const batch = await scene();
      await process.begin(() => victim.run(batch, BATCH));
      let wave = 0;
      const fate = (commands: number): Fate =>
        wave === kills ? { diesAfter: Math.min(sent, commands) } : 'pass';
      for (let end; end === undefined; wave += 1) {
        end = await process.step(fate);
        ended = end === true;
      }
      expect({ kills, ...(await seen(batch)) }).toEqual({ kills, ...undisturbed });
    }
    // What is ours, who answers whom, what is told of it; and once nobody was killed.
    expect(kills).toBeGreaterThanOrEqual(4);
  });
});
