import { eventually } from '../support/eventually.js';
import type { AppProcess } from './support/app-process.js';
import type { Doors } from './support/doors.js';
import { House } from './support/house.js';
import { Load, lostAndDoubled, wrongRefusals } from './support/load.js';
import { rule, tell } from './support/rule.js';

const MB = 1_048_576;

describe('a Redis that is full', () => {
  let house: House;
  let app: AppProcess;
  let doors: Doors;

  beforeEach(async () => {
    house = await House.build({ 'tell.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')]) });
    app = await house.start();
    doors = house.doors(app);
    await limitTo((await memory()).used + 60 * MB);
  });
  afterEach(async () => {
    await house.demolish();
  });

  async function memory(): Promise<{ used: number; limit: number }> {
    const info = await house.inside.redis.info('memory');
    const number = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
    return { used: number('used_memory'), limit: number('maxmemory') };
  }

  async function limitTo(bytes: number): Promise<void> {
    await house.inside.redis.config('SET', 'maxmemory', bytes);
  }

  /** Somebody else keeps so much in the same Redis that this share of it is used. */
  async function fill(share: number): Promise<void> {
    const { limit } = await memory();
    for (let piece = 0; (await memory()).used < share * limit; piece++) {
      await house.inside.redis.set(`other:${piece}`, Buffer.alloc(MB / 2));
    }
  }

  async function makeRoom(): Promise<void> {
    await house.inside.redis.unlink(await house.inside.redis.keys('other:*'));
  }

  async function expectAllProcessed(load: Load): Promise<void> {
    await load.stop();
    expect(wrongRefusals(load)).toEqual([]);
    expect(await load.repeatRefused()).toEqual([]);
    await house.inside.idle(60_000);
    const sent = load.answers.map(({ lead }) => lead);
    expect(lostAndDoubled(house, sent)).toEqual({ lost: [], doubled: [] });
    expect(await house.inside.dead()).toBe(0);
  }

  it('but for what the workers need takes no delivery, lets them finish, and takes more when there is room', async () => {
    const load = new Load(doors, 1_000);
    await eventually(() => load.taken.length >= 50);
    await fill(0.85);
    await eventually(() => load.refused.length >= 20);
    // What was taken is processed all the same, and a load balancer need not know.
    await house.inside.idle();
    const { status, body } = await doors.get('/health/ready');
    expect(status).toBe(200);
    expect(body).toContain('takes no deliveries now: Redis uses');
    expect((await doors.get('/metrics')).body).toMatch(
      /^signalman_ingest_refused_total\{source="marketo-io"\} [1-9]/m,
    );
    const before = load.taken.length;
    await makeRoom();
    await eventually(() => load.taken.length >= before + 50);
    await expectAllProcessed(load);
  });

  it('to the last byte: workers wait too, and everything goes on when there is room', async () => {
    // Effects are under way when it fills up, and cannot be settled.
    house.sandbox.receiver.failNext({ delayMs: 500, times: Infinity });
    const load = new Load(doors, 1_000);
    await eventually(() => house.sandbox.receiver.requests.size >= 50);
    const { used, limit } = await memory();
    // Less than there is already: no worker can make room by what it finishes.
    await limitTo(Math.floor(used / 2));
    await eventually(() => load.refused.length >= 20);
    await eventually(async () => (await doors.get('/health/ready')).status === 503);
    // A worker has tried to move a job and could not.
    await eventually(() => /Worker of queue .*: Redis is full/.test(app.log), { timeoutMs: 30_000 });
    house.sandbox.receiver.recover();
    const before = load.taken.length;
    await limitTo(limit);
    await eventually(() => load.taken.length >= before + 50, { timeoutMs: 30_000 });
    await expectAllProcessed(load);
  });
});
