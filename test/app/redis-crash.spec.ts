import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import type { AppProcess } from './support/app-process.js';
import { House } from './support/house.js';
import { Load, lostAndDoubled } from './support/load.js';
import { rule, tell } from './support/rule.js';

const ROUNDS = 3;

describe('kill -9 of the app and of Redis in turn, under load', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.build({ 'tell.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')]) });
  });
  afterAll(async () => {
    await house.demolish();
  });

  it('loses nothing that was answered with 200, and every event has its effect once', async () => {
    const PORT = String(await freePort());
    let app: AppProcess = await house.start({ PORT });
    const load = new Load(house.doors(app), 1_000);
    const someMore = async (answers: () => readonly unknown[], count: number): Promise<void> => {
      const before = answers().length;
      await eventually(() => answers().length >= before + count, { timeoutMs: 30_000 });
    };
    for (let round = 0; round < ROUNDS; round++) {
      await someMore(() => load.taken, 50);
      await app.kill9();
      await someMore(() => load.refused, 8);
      app = await house.start({ PORT });
      await someMore(() => load.taken, 50);
      await house.redis.kill9();
      await someMore(() => load.refused, 8);
      // The app comes up without its Redis, and waits for it.
      await app.kill9();
      app = await house.launch({ PORT });
      await house.redis.restart();
      await app.ready();
    }
    await load.stop();
    // Nobody answers while the app is down; whoever answers, answers 503.
    const statuses = new Set(load.refused.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([0, 503]);
    expect(await load.repeatRefused()).toEqual([]);

    await app.stop();
    await house.inside.timePasses();
    await house.start({ PORT });
    await house.inside.idle(60_000);
    const sent = load.answers.map(({ lead }) => lead);
    expect(lostAndDoubled(house, sent)).toEqual({ lost: [], doubled: [] });
    expect(await house.inside.dead()).toBe(0);
  });
});
