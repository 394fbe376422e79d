import { eventually } from '../support/eventually.js';
import { newLead } from './support/activity.js';
import type { AppProcess } from './support/app-process.js';
import { House } from './support/house.js';
import { RedisProxy, type CutAt } from './support/redis-proxy.js';
import { rule, tell } from './support/rule.js';

const lead = '{{ leadId }}';
const slack = (to: string, guarantee: string) => ({
  type: 'slack',
  params: { to, text: `${guarantee} {{ leadId }}` },
  guarantee,
});

/** One effect of each sort: recognised by its target, a state, planned and in turns, and two that are messages. */
const RULES = {
  'every-sort.json': rule(
    'marketo.activity.newlead',
    [
      tell('{{ leadId }}'),
      { type: 'marketo.addToList', params: { list: 1001, lead } },
      { type: 'marketo.changeScore', params: { lead, field: 'leadScore', change: 10 } },
      slack('ops', 'at-most-once'),
      slack('ops-bot', 'at-least-once'),
    ],
    { throttle: { per: 'leadId', every: '1h' } },
  ),
};
const EFFECTS = 5;
/** Slack takes one message a second. */
const STREAMED = 20;
const OVER = ['done', 'skipped', 'unknown'];

/** What one lead's event came to, whatever happened on the way. */
async function outcomeOf(house: House, id: number, newest = 100): Promise<object> {
  const { receiver, slack: posts, marketo } = house.sandbox;
  const said = (text: string) => posts.messages.all().filter((message) => message.text === text).length;
  const entries = await house.inside.effects(newest);
  const own = entries.filter(({ effect }) => effect.eventId.endsWith(`:activity-${id}`));
  const once = own.find(({ effect }) => effect.guarantee === 'at-most-once');
  return {
    // The same effect again carries the same id.
    webhooks: receiver.unique().filter(({ first }) => first.body === `"${id}"`).length,
    onList: marketo.instance.list(1001).has(id),
    score: marketo.instance.lead(id)?.['leadScore'],
    atLeastOnce: said(`at-least-once ${id}`) >= 1,
    atMostOnce: said(`at-most-once ${id}`) <= 1,
    lostSilently: said(`at-most-once ${id}`) === 0 && once?.standing !== 'unknown',
    writtenDown: own.filter(({ standing }) => OVER.includes(standing)).length,
  };
}

const AS_UNDISTURBED = {
  webhooks: 1,
  onList: true,
  score: 10,
  atLeastOnce: true,
  atMostOnce: true,
  lostSilently: false,
  writtenDown: EFFECTS,
};

/** An installation whose worker speaks to Redis through a proxy; its door does not, so that senders are not disturbed. */
class Rig {
  private worker: AppProcess | undefined;
  private proxy: RedisProxy | undefined;

  private constructor(
    readonly house: House,
    private readonly door: AppProcess,
  ) {}

  static async build(): Promise<Rig> {
    const house = await House.build(RULES);
    const rig = new Rig(house, await house.start({ SIGNALMAN_ROLE: 'ingest' }));
    await rig.restart();
    return rig;
  }

  async restart(): Promise<void> {
    await this.proxy?.close();
    this.proxy = await RedisProxy.start(this.house.redis.port);
    this.worker = await this.house.start({ SIGNALMAN_ROLE: 'worker', REDIS_URL: this.proxy.url });
  }

  /**
   * Sends one event and kills the worker with -9 at the given place, if it comes to it; then starts it again and lets
   * it finish.
   * @returns whether it was killed.
   */
  async send(id: number, at: CutAt): Promise<boolean> {
    const { house, worker, proxy } = this;
    proxy?.count({ ...at, cut: () => void worker?.kill9() });
    const doors = house.doors(this.door);
    expect((await doors.adobe(newLead(id, doors.clientId))).status).toBe(200);
    await eventually(async () => worker?.running === false || (await house.inside.isIdle()));
    if (worker?.running === true) return false;
    await house.inside.timePasses();
    await this.restart();
    await house.inside.idle();
    return true;
  }

  async demolish(): Promise<void> {
    await this.house.demolish();
    await this.proxy?.close();
  }
}

/** Kills at the first command of a batch, the second of the next, and so on, until a batch has no more commands. */
async function killAtEveryCommand(side: CutAt['side']): Promise<{ kills: number; wrong: object[] }> {
  const rig = await Rig.build();
  const wrong: object[] = [];
  try {
    for (let command = 1; ; command++) {
      const id = 1_000 + command;
      const killed = await rig.send(id, { command, side });
      const outcome = await outcomeOf(rig.house, id);
      if (
        !rig.house.sandbox.marketo.violations.all().length &&
        JSON.stringify(outcome) !== JSON.stringify(AS_UNDISTURBED)
      )
        wrong.push({ command, side, ...outcome });
      if (!killed) {
        expect(await rig.house.inside.dead()).toBe(0);
        return { kills: command - 1, wrong };
      }
    }
  } finally {
    await rig.demolish();
  }
}

describe('a worker that is killed with -9', () => {
  it('between any two commands to Redis leaves what an undisturbed one would have', async () => {
    const sweeps = await Promise.all([killAtEveryCommand('before'), killAtEveryCommand('after')]);
    expect(sweeps.flatMap(({ wrong }) => wrong)).toEqual([]);
    // A batch and five effects take more commands than this; fewer would mean that nothing was disturbed.
    for (const { kills } of sweeps) expect(kills).toBeGreaterThan(3 * EFFECTS);
  }, 1_200_000);
});

describe('kill -9 from outside', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.build(RULES);
  });
  afterEach(async () => {
    await house.demolish();
  });

  it('while every target holds a request: what a target recognises is repeated, the rest as its rule says', async () => {
    const { receiver, slack: posts, marketo } = house.sandbox;
    const app = await house.start();
    const doors = house.doors(app);
    // Taken and never answered: nobody can know.
    receiver.failNext({ hang: true, afterEffect: true });
    posts.failNext({ hang: true, afterEffect: true, times: 2 });
    marketo.failNext({ hang: true, afterEffect: true, method: 'POST', path: '/lists/' });
    marketo.failNext({ hang: true, afterEffect: true, method: 'POST', path: '/leads.json' });
    expect((await doors.adobe(newLead(7, doors.clientId))).status).toBe(200);
    await eventually(() => receiver.requests.size === 1 && posts.requests.size === 2);
    await eventually(() => marketo.instance.lead(7)?.['leadScore'] === 10);
    await eventually(() => marketo.instance.list(1001).has(7));
    await app.kill9();

    await house.inside.timePasses();
    await house.start();
    await house.inside.idle();
    expect(await outcomeOf(house, 7)).toEqual(AS_UNDISTURBED);
    expect(receiver.unique()).toMatchObject([{ count: 2 }]);
    const texts = posts.messages.all().map(({ text }) => text);
    expect(texts.sort()).toEqual(['at-least-once 7', 'at-least-once 7', 'at-most-once 7']);
  });

  it('while deliveries stream in: everything that was answered 2xx is processed, once', async () => {
    // Hundreds of calls at once, which Marketo would spread over minutes.
    Object.assign(house.sandbox.marketo.limits, { perWindow: Infinity, concurrent: Infinity });
    const app = await house.start();
    const doors = house.doors(app);
    const answered: number[] = [];
    let next = 10_000;
    // Each sender goes on until the door is gone.
    const sender = async (): Promise<void> => {
      for (;;) {
        const id = next++;
        const { status } = await doors.adobe(newLead(id, doors.clientId));
        expect(status).toBe(200);
        if (answered.push(id) === STREAMED) await app.kill9();
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: 8 }, sender));
    expect(ends.map(({ status }) => status)).toEqual(ends.map(() => 'rejected'));
    expect(answered.length).toBeGreaterThanOrEqual(STREAMED);

    await house.inside.timePasses();
    await house.start();
    await house.inside.idle(120_000);
    const outcomes = await Promise.all(
      answered.map(async (id) => ({ id, ...(await outcomeOf(house, id, 1_000)) })),
    );
    expect(outcomes).toEqual(answered.map((id) => ({ id, ...AS_UNDISTURBED })));
    expect(await house.inside.dead()).toBe(0);
  }, 240_000);
});
