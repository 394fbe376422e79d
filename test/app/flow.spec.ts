import type { Decision } from '../../src/contracts/decision.js';
import type { JsonObject } from '../../src/contracts/json.js';
import { DUE_KEY } from '../../src/redis/keys.js';
import { eventually } from '../support/eventually.js';
import { activityOf, type ActivityOptions } from './support/activity-of.js';
import type { AppProcess } from './support/app-process.js';
import { signalman } from './support/command-line.js';
import { House } from './support/house.js';
import { rule, tell, where } from './support/rule.js';

const NEW = 'marketo.activity.newlead';
const CLICK = 'marketo.activity.clicklink';
/** Longer than an app takes to start again. */
const WAIT = '8s';
const MINUTE = 60_000;
const DEMO = where('attributes', '$.Link', 'demo').conditions;
const SIGN = where('attributes', '$.Link', 'sign').conditions;

const RULES = {
  'silent.json': rule(NEW, [tell('silent {{ leadId }}')], { unless: { on: CLICK, within: WAIT } }),
  'digest.json': rule(NEW, [tell('{{ count }} new')], { group: { per: [], wait: WAIT } }),
  'third.json': rule(CLICK, [tell('{{ event.id }} is number {{ facts.clicks }}')], {
    conditions: {
      all: [
        {
          name: 'clicks',
          fact: 'count',
          params: { per: 'leadId', within: '1h' },
          operator: 'greaterThanInclusive',
          value: 3,
        },
      ],
    },
  }),
  'signs.json': rule(CLICK, [tell('signed {{ leadId }} after {{ event.id }}')], {
    conditions: DEMO,
    then: { on: CLICK, conditions: SIGN, within: '1h' },
  }),
  'norway.json': rule(NEW, [tell('Norway {{ leadId }}')], where('lead', '$.country', 'Norway')),
};

describe('rules that remember and wait', () => {
  let house: House;
  let app: AppProcess;

  beforeAll(async () => {
    house = await House.build(RULES);
    app = await house.start();
  });
  afterAll(async () => {
    await house.demolish();
  });
  beforeEach(() => {
    house.sandbox.receiver.clear();
  });

  async function send(...activities: Parameters<typeof activity>[]): Promise<void> {
    const doors = house.doors(app);
    const items = activities.map((each) => activity(...each));
    expect((await doors.adobe(items)).status).toBe(200);
    await house.inside.idle();
  }
  const activity = (kind: 'newlead' | 'clicklink', lead: number, options?: ActivityOptions): JsonObject =>
    activityOf(kind, lead, house.doors(app).clientId, options);

  /** What was told, once each: the same effect again carries the same id. */
  const told = (word = ''): string[] =>
    house.sandbox.receiver
      .unique()
      .map(({ first }) => JSON.parse(first.body) as string)
      .filter((text) => text.includes(word))
      .sort();

  async function decisions(ruleId: string): Promise<Decision[]> {
    const entries = await house.inside.journal.latest('decision', 1_000);
    return entries
      .flatMap((entry) => (entry.kind === 'decision' ? [entry.decision] : []))
      .filter((decision) => decision.ruleId === ruleId)
      .reverse();
  }

  async function expectNothingMissing(): Promise<void> {
    const { code, output } = await signalman(['completeness'], house.env);
    expect([code, output]).toEqual([0, expect.stringContaining('0 missing')]);
  }

  it('act when their time is over and not before, once, though the app was killed while they waited', async () => {
    await send(['newlead', 1], ['newlead', 2]);
    await send(['newlead', 3], ['clicklink', 2]);
    const dues = [...(await decisions('silent')), ...(await decisions('digest'))].map(({ until = '' }) =>
      Date.parse(until),
    );
    const last = Math.max(...dues.filter(Number.isFinite));
    await app.kill9();
    expect(told()).toEqual([]);
    app = await house.start();
    const ready = Date.now();
    await eventually(() => told().length === 3, { timeoutMs: 30_000 });
    expect(told()).toEqual(['3 new', 'silent 1', 'silent 3']);
    // A little after the time at which it was due, or at which somebody was there again.
    const at = house.sandbox.receiver.all().map(({ receivedAt }) => Date.parse(receivedAt));
    expect(Math.min(...at)).toBeGreaterThanOrEqual(Math.min(...dues.filter(Number.isFinite)));
    expect(Math.max(...at) - Math.max(last, ready)).toBeLessThan(10_000);
    await house.inside.idle();
    expect((await decisions('silent')).map(({ outcome }) => outcome).sort()).toEqual([
      ...['fired', 'fired', 'followed', 'waiting', 'waiting', 'waiting'],
    ]);
    expect(house.sandbox.receiver.all()).toHaveLength(3);
    await expectNothingMissing();
  });

  it('count events where they belong, though they come late, out of order and twice', async () => {
    const at = (serial: number, minutes: number): Parameters<typeof activity> => [
      'clicklink',
      7,
      { serial, ago: minutes * MINUTE },
    ];
    await send(at(1, 50), at(2, 10));
    await send(at(1, 50), at(2, 10));
    expect(told()).toEqual([]);
    // It is the second in its hour, and makes the one after it the third.
    await send(at(3, 30));
    expect(told()).toEqual([]);
    await send(at(4, 5), at(5, 20));
    expect(told()).toEqual([
      '123-ABC-456:clicklink-7-4 is number 4',
      '123-ABC-456:clicklink-7-5 is number 3',
    ]);
    // So late that the others are out of its window.
    await send(at(6, 300));
    expect(told()).toHaveLength(2);
  });

  it('find the second part of a sequence by the time at which it happened', async () => {
    const click = (link: string, lead: number, minutes: number): Parameters<typeof activity> => [
      'clicklink',
      lead,
      { serial: `${link}-${minutes}`, ago: minutes * MINUTE, attributes: { Link: link } },
    ];
    await send(click('demo', 17, 50), click('demo', 18, 10));
    // Before its first part, and too long after it.
    await send(click('sign', 18, 20), click('demo', 19, 200), click('sign', 19, 100));
    expect(told('signed')).toEqual([]);
    await send(click('sign', 17, 5), click('sign', 17, 4));
    expect(told('signed')).toEqual(['signed 17 after 123-ABC-456:clicklink-17-demo-50']);
  });

  it('wait for Marketo where they ask about a person, and act when it is back', async () => {
    const { marketo } = house.sandbox;
    marketo.instance.setLead(27, { country: 'Norway' });
    marketo.instance.setLead(28, { country: 'Sweden' });
    marketo.failNext({ httpStatus: 503, times: Infinity });
    await send(['newlead', 27], ['newlead', 28]);
    expect((await decisions('norway')).map(({ outcome }) => outcome)).toEqual(['undecided', 'undecided']);
    marketo.recover();
    await house.inside.waitsAreOver();
    await eventually(() => told('Norway').length > 0);
    await eventually(async () => (await house.inside.redis.zcard(DUE_KEY)) === 0);
    await house.inside.idle();
    expect(told('Norway')).toEqual(['Norway 27']);
    expect((await decisions('norway')).map(({ outcome }) => outcome)).toEqual([
      ...['undecided', 'undecided', 'fired'],
    ]);
  });
});
