import { PURPOSE_KEY } from '../../src/redis/keys.js';
import { eventually } from '../support/eventually.js';
import { House } from './support/house.js';
import { Load, lostAndDoubled } from './support/load.js';
import { rule, tell } from './support/rule.js';

describe('a Redis that comes back empty', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.build({
      'tell.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')], {
        // A throttle and a template: every script that there is has to be found again.
        throttle: { per: 'leadId', every: '1h' },
      }),
    });
  });
  afterAll(async () => {
    await house.demolish();
  });

  it('is told loudly, and everything that comes from then on is processed without a restart', async () => {
    const app = await house.start();
    const doors = house.doors(app);
    const load = new Load(doors, 1_000);
    await eventually(() => house.sandbox.receiver.unique().length >= 50);
    await house.redis.kill9();
    await eventually(() => load.refused.length >= 8);
    const answeredBefore = load.answers.length;
    await house.redis.restartEmpty();
    await eventually(() => load.taken.length >= answeredBefore + 50);
    await load.stop();

    // What nobody took, and what was taken by the new Redis.
    const kept = [...load.refused, ...load.answers.slice(answeredBefore)].map(({ lead }) => lead);
    expect(await load.repeatRefused()).toEqual([]);
    await house.inside.idle();
    expect(lostAndDoubled(house, kept)).toEqual({ lost: [], doubled: [] });

    await eventually(() => app.log.includes('Redis has lost everything it held'));
    expect((await doors.get('/metrics')).body).toMatch(/^signalman_redis_losses_total 1$/m);
    expect(await house.inside.redis.get(PURPOSE_KEY)).toBe('live');
    expect(await house.inside.dead()).toBe(0);
    expect((await doors.get('/health/ready')).status).toBe(200);
  });
});
