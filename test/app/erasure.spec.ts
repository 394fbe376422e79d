import type { Redis } from 'ioredis';
import { ERASED_KEY, OWNER_PREFIX } from '../../src/redis/keys.js';
import { eventually } from '../support/eventually.js';
import { activityOf } from './support/activity-of.js';
import { signalman } from './support/command-line.js';
import { House } from './support/house.js';
import { rule, tell, where } from './support/rule.js';

/** Nothing in all of Redis has this in it but what was kept of one lead, and the other of another. */
const MARKER = 'ada-lovelace';
const OTHER = 'charles-babbage';
/** Effects of their clicks that are done and written down; of each click one more waits for Slack. */
const WRITTEN = 12;
const CLICKS = 3;
const CLICK = 'marketo.activity.clicklink';
const fact = (name: string, params: object, operator: string, value: unknown) => ({
  conditions: { all: [{ fact: name, params: { per: 'leadId', ...params }, operator, value }] },
});
const say = tell("{{ leadId }} {{ attributes['Link'] }}");

const RULES = {
  'told.json': rule(CLICK, [say]),
  'score.json': rule(CLICK, [
    { type: 'marketo.changeScore', params: { lead: '{{ leadId }}', field: 'leadScore', change: 5 } },
  ]),
  'slack.json': rule(CLICK, [{ type: 'slack', params: { to: 'ops', text: "{{ attributes['Link'] }}" } }]),
  'counted.json': rule(CLICK, [say], fact('count', { within: '1d' }, 'greaterThan', 1)),
  'changed.json': rule(CLICK, [say], fact('changed', { of: "attributes['Link']" }, 'equal', true)),
  'calm.json': rule(CLICK, [say], { throttle: { per: 'leadId', every: '1d' } }),
  'silent.json': rule(CLICK, [say], { unless: { on: 'marketo.activity.newlead', within: '1d' } }),
  'then.json': rule(CLICK, [say], { then: { on: 'marketo.activity.newlead', within: '1d' } }),
  'digest.json': rule(CLICK, [say], { group: { per: [], wait: '1d' } }),
  'known.json': rule(CLICK, [tell('{{ lead.email }}')], where('lead', '$.city', 'London')),
  'gone.json': rule('marketo.activity.deletelead', [tell('gone {{ leadId }} {{ lead.email }}')]),
};

const AGE_MS = 120_000;

/** What stands in Redis of erasures and of effects that wait is two minutes older than it was. */
async function timePasses(redis: Redis): Promise<void> {
  const older = (text: string): string => new Date(Date.parse(text) - AGE_MS).toISOString();
  for (const owner of await redis.zrange(ERASED_KEY, '0', '-1'))
    await redis.zincrby(ERASED_KEY, -AGE_MS, owner);
  for (const key of await redis.keys('{signalman}:actions-*:e*')) {
    if ((await redis.type(key)) !== 'hash') continue;
    const data = JSON.parse((await redis.hget(key, 'data')) ?? '{}') as { decidedAt: string };
    await redis.hset(key, 'data', JSON.stringify({ ...data, decidedAt: older(data.decidedAt) }));
  }
}

/** Every key, and every value of whatever kind, that the text is in. */
async function placesOf(redis: Redis, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const key of await redis.keys('*')) {
    const dumped = await contentsOf(redis, key);
    if (key.includes(text) || dumped.includes(text)) found.push(key);
  }
  return found.sort();
}

async function contentsOf(redis: Redis, key: string): Promise<string> {
  switch (await redis.type(key)) {
    case 'hash':
      return Object.entries(await redis.hgetallBuffer(key))
        .map(([field, value]) => field + value.toString('latin1'))
        .join('\n');
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    case 'zset':
      return (await redis.zrange(key, '0', '-1')).join('\n');
    case 'set':
      return (await redis.smembers(key)).join('\n');
    case 'list':
      return (await redis.lrange(key, 0, -1)).join('\n');
    case 'string':
      return (await redis.get(key)) ?? '';
    default:
      return '';
  }
}

describe('a lead that is deleted', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.build(RULES);
  });
  afterAll(async () => {
    await house.demolish();
  });

  it('leaves nothing in Redis that tells of it, wherever rules and books had kept something', async () => {
    const { inside, sandbox } = house;
    const { redis } = inside;
    sandbox.marketo.instance.setLead(7, { email: `${MARKER}@acme.example`, city: 'London' });
    // Effects for Slack wait.
    sandbox.slack.failNext({ httpStatus: 429, headers: { 'retry-after': '600' }, times: Infinity });
    const app = await house.start();
    const doors = house.doors(app);
    const send = async (...items: ReturnType<typeof activityOf>[]): Promise<void> => {
      expect((await doors.adobe(items)).status).toBe(200);
      await eventually(async () => (await inside.waitingBatches()) === 0);
    };
    const click = (lead: number, serial: number, text: string): ReturnType<typeof activityOf> =>
      activityOf('clicklink', lead, doors.clientId, { serial, attributes: { Link: text } });
    const told = (text: string): boolean =>
      sandbox.receiver.unique().some(({ first }) => first.body.includes(text));
    const written = async (): Promise<number> =>
      (await inside.effects(1_000)).filter(({ standing }) => standing === 'done').length;
    const putOff = async (): Promise<number> =>
      (await inside.effects(1_000)).filter(({ standing, log }) => standing === 'waiting' && log.length > 0)
        .length;

    await send(click(7, 1, `${MARKER}-1`), click(7, 2, `${MARKER}-2`), click(8, 1, OTHER));
    await eventually(() => told('@acme.example'));
    await eventually(async () => (await written()) === WRITTEN);
    await eventually(async () => (await putOff()) === CLICKS);
    const before = await placesOf(redis, MARKER);
    for (const place of ['{signalman}:effect:', OWNER_PREFIX, '{signalman}:actions-'])
      expect(before).toEqual(expect.arrayContaining([expect.stringContaining(place)]));
    const others = await placesOf(redis, OTHER);

    await send(activityOf('deletelead', 7, doors.clientId));
    await eventually(() => told(`gone 7 ${MARKER}`));
    await eventually(async () => (await written()) === WRITTEN + 1);
    expect((await placesOf(redis, MARKER)).filter((key) => key.startsWith(OWNER_PREFIX))).toEqual([]);
    await app.kill9();
    await timePasses(redis);
    await house.start();
    await eventually(async () => (await redis.exists(ERASED_KEY)) === 0);
    expect(await placesOf(redis, MARKER)).toEqual([]);
    expect(await placesOf(redis, OTHER)).toEqual(others);
    expect((await signalman(['completeness'], house.env)).output).toContain('0 missing');
  });
});
