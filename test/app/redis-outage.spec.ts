import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import type { AppProcess } from './support/app-process.js';
import type { Doors } from './support/doors.js';
import { House } from './support/house.js';
import { ADOBE_MS, Load, lostAndDoubled, wrongRefusals } from './support/load.js';
import { rule, tell } from './support/rule.js';

/** How long Redis is stopped under load. By hand: the minutes of a real outage. */
const OUTAGE_MS = 1_000 * Number(process.env['SIGNALMAN_OUTAGE_SECONDS'] ?? 20);

describe('while Redis is away', () => {
  let house: House;
  let app: AppProcess;
  let doors: Doors;

  beforeAll(async () => {
    house = await House.build({ 'tell.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')]) });
    app = await house.start();
    doors = house.doors(app);
  });
  afterAll(async () => {
    await house.demolish();
  });

  const readiness = async (): Promise<number> => (await doors.get('/health/ready')).status;

  async function expectAllProcessed(load: Load): Promise<void> {
    expect(load.refused.length).toBeGreaterThan(0);
    expect(wrongRefusals(load)).toEqual([]);
    expect(await load.repeatRefused()).toEqual([]);
    await house.inside.idle(60_000);
    const sent = load.answers.map(({ lead }) => lead);
    expect(lostAndDoubled(house, sent)).toEqual({ lost: [], doubled: [] });
    expect(await house.inside.dead()).toBe(0);
    expect(app.running).toBe(true);
    await eventually(async () => (await readiness()) === 200);
  }

  it('killed and started again under load: what was answered 2xx is processed, the rest got 503', async () => {
    const load = new Load(doors, 1_000);
    await eventually(() => load.taken.length >= 50);
    await house.redis.kill9();
    await eventually(() => load.refused.length >= 20);
    expect(await readiness()).toBe(503);
    expect((await doors.get('/health/live')).status).toBe(200);
    const before = load.taken.length;
    await house.redis.restart();
    await eventually(() => load.taken.length >= before + 50);
    await load.stop();
    await expectAllProcessed(load);
  });

  it('hanging for longer than a sender can wait: 503 in time, nothing hangs, nothing is lost', async () => {
    const load = new Load(doors, 100_000);
    await eventually(() => load.taken.length >= 20);
    house.redis.pause();
    await eventually(() => load.refused.length >= 8, { timeoutMs: ADOBE_MS });
    expect(await readiness()).toBe(503);
    const before = load.taken.length;
    house.redis.resume();
    await eventually(() => load.taken.length >= before + 20);
    await load.stop();
    await expectAllProcessed(load);
  });

  it(
    `stopped for ${OUTAGE_MS / 1_000} s under load: refused all along, and all of it is processed afterwards`,
    async () => {
      const load = new Load(doors, 1_000_000);
      await eventually(() => load.taken.length >= 50);
      await house.redis.kill9();
      // The length of the outage is what is tested.
      await pause(OUTAGE_MS);
      expect(load.answers.slice(-100).map(({ status }) => status)).toEqual(Array(100).fill(503));
      const taken = load.taken.length;
      await house.redis.restart();
      await eventually(() => load.taken.length >= taken + 50);
      await load.stop();
      await expectAllProcessed(load);
    },
    120_000 + 2 * OUTAGE_MS,
  );

  it('every effect came out once, also of what was refused although it had been stored', () => {
    expect(house.sandbox.receiver.unique().filter(({ count }) => count > 1)).toEqual([]);
  });
});
