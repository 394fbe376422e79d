import { eventually } from '../support/eventually.js';
import { activityOf } from './support/activity-of.js';
import type { AppProcess } from './support/app-process.js';
import { signalman } from './support/command-line.js';
import { House } from './support/house.js';
import { RedisProxy, type CutAt } from './support/redis-proxy.js';
import { rule, tell, where } from './support/rule.js';

const NEW = 'marketo.activity.newlead';
const CLICK = 'marketo.activity.clicklink';
const MINUTE = 60_000;

const RULES = {
  'second.json': rule(CLICK, [tell('{{ leadId }} clicked {{ facts.clicks }} times')], {
    conditions: {
      all: [
        {
          name: 'clicks',
          fact: 'count',
          params: { per: 'leadId', within: '1h' },
          operator: 'greaterThanInclusive',
          value: 2,
        },
      ],
    },
  }),
  'calm.json': rule(CLICK, [tell('{{ leadId }} calmly after {{ throttled.count }}')], {
    throttle: { per: 'leadId', every: '1h' },
  }),
  'then.json': rule(NEW, [tell('{{ leadId }} came and clicked')], { then: { on: CLICK, within: '1h' } }),
  'silent.json': rule(NEW, [tell('{{ leadId }} is silent')], {
    ...where('attributes', '$.Quiet', 'yes'),
    unless: { on: CLICK, within: '1h' },
  }),
};

/** Of a batch of one delivery; from the first on, and so many that its effects are on their way at the last. */
const PLACES: readonly CutAt[] = [3, 6, 8, 10, 12, 14, 17, 20].flatMap((command, index) => ({
  command,
  side: index % 2 === 0 ? ('after' as const) : ('before' as const),
}));

describe('a worker that is killed with -9 in a batch for rules that remember and wait', () => {
  let house: House;
  let door: AppProcess;
  let worker: AppProcess;
  let proxy: RedisProxy;

  beforeAll(async () => {
    house = await House.build(RULES);
    door = await house.start({ SIGNALMAN_ROLE: 'ingest' });
    await startWorker();
  });
  afterAll(async () => {
    await house.demolish();
    await proxy.close();
  });

  async function startWorker(): Promise<void> {
    proxy = await RedisProxy.start(house.redis.port);
    worker = await house.start({ SIGNALMAN_ROLE: 'worker', REDIS_URL: proxy.url });
  }

  /** Two new leads, of whom one clicks three times; the second of these comes late. */
  function delivery(lead: number): ReturnType<typeof activityOf>[] {
    const { clientId } = house.doors(door);
    return [
      activityOf('newlead', lead, clientId, { ago: 50 * MINUTE }),
      activityOf('newlead', lead + 1, clientId, { ago: 50 * MINUTE, attributes: { Quiet: 'yes' } }),
      activityOf('clicklink', lead, clientId, { serial: 1, ago: 30 * MINUTE }),
      activityOf('clicklink', lead, clientId, { serial: 2, ago: 40 * MINUTE }),
      activityOf('clicklink', lead, clientId, { serial: 3, ago: 20 * MINUTE }),
    ];
  }

  /** @returns whether it was killed at the place */
  async function send(lead: number, at: CutAt): Promise<boolean> {
    proxy.count({ ...at, cut: () => void worker.kill9() });
    const { status } = await house.doors(door).adobe(delivery(lead));
    expect(status).toBe(200);
    await eventually(async () => !worker.running || (await house.inside.isIdle()));
    if (worker.running) return false;
    await house.inside.timePasses();
    await proxy.close();
    await startWorker();
    await house.inside.idle();
    return true;
  }

  /** By lead as the first of its delivery, and once however often it was sent. */
  function toldOf(lead: number): string[] {
    return house.sandbox.receiver
      .unique()
      .map(({ first }) => JSON.parse(first.body) as string)
      .filter((text) => [lead, lead + 1].includes(Number.parseInt(text)))
      .map((text) => text.replace(String(lead + 1), 'B').replace(String(lead), 'A'))
      .sort();
  }

  it('leaves what an undisturbed one leaves', async () => {
    const leads = PLACES.map((_, index) => 1_000 + 10 * index);
    const killed: boolean[] = [];
    for (const [index, place] of PLACES.entries()) killed.push(await send(leads[index] ?? 0, place));
    expect(killed.filter(Boolean).length).toBeGreaterThanOrEqual(6);
    await house.inside.waitsAreOver();
    const expected = ['A calmly after 0', 'A came and clicked', 'A clicked 3 times', 'B is silent'];
    await eventually(() => leads.every((lead) => toldOf(lead).includes('B is silent')));
    await house.inside.idle();
    expect(leads.map(toldOf)).toEqual(leads.map(() => expected));
    expect(await house.inside.dead()).toBe(0);
    expect((await signalman(['completeness'], house.env)).output).toContain('0 missing');
  });
});
