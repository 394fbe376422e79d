import { eventually } from '../../support/eventually.js';
import { type RedisForTest, startRedis } from '../../support/redis.js';
import { Pulling } from './pulling.js';

const DAY = 24 * 3_600_000;

let redis: RedisForTest;
let on: Pulling;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  on = await Pulling.begin(redis.url);
});
afterEach(() => on.end());

it('goes on after a restart from where it was, with what came meanwhile', async () => {
  on.append('a');
  const before = on.start();
  await on.adobe.pace.idle();
  await before.stop();
  on.append('b', 'c');
  on.start();
  await eventually(() => on.pages().length === 2);
  expect(on.pages()).toEqual([['a'], ['b', 'c']]);
});

it('repeats a page after a crash between the page and its position', async () => {
  on.append('a');
  const crashed = on.startDoomed();
  await eventually(() => on.stored.length === 1);
  await crashed.stop();
  on.start();
  await eventually(() => on.stored.length === 2);
  expect(on.pages()).toEqual([['a'], ['a']]);
});

describe('when the position has expired', () => {
  it('reads all that is left, and tells what may be lost once, however often it is told', async () => {
    on.append('a');
    const first = on.start();
    await on.adobe.pace.idle();
    const from = on.adobe.pace.now();
    await first.stop();
    on.adobe.pace.pass(5 * DAY);
    on.append('b');
    on.adobe.pace.pass(4 * DAY);
    on.append('c');
    const crashed = on.startDoomed();
    await eventually(() => on.stored.length === 2);
    await crashed.stop();
    on.start();
    await eventually(() => on.stored.length === 4);
    expect(on.pages()).toEqual([['a'], ['b', 'c']]);
    const [one, two] = on.own() as [{ id: string }, { id: string }];
    expect(one.id).toBe(two.id);
    expect(one).toMatchObject({
      type: 'signalman.journal.gap',
      data: {
        source: 'marketo-io',
        from: new Date(from).toISOString(),
        to: new Date(on.adobe.pace.now() - 7 * DAY + 3_600_000).toISOString(),
        reason: expect.stringMatching(/^Events at position penguin:\S+ have expired\.$/) as string,
      },
    });
    expect(on.stored[1]).toMatchObject({ source: 'signalman', kind: 'signalman', route: 'engine' });
  });

  it('tells nothing when it was read to its end meanwhile: nothing can be lost', async () => {
    on.append('a');
    const quiet = on.start();
    for (let day = 0; day < 8; day += 1) {
      await on.nextRead();
      on.adobe.pace.pass(DAY);
    }
    await quiet.stop();
    on.append('b');
    on.start();
    await eventually(() => on.pages().length === 2);
    expect(on.pages()).toEqual([['a'], ['b']]);
    expect(on.own()).toEqual([]);
  });
});

describe('Redis that comes back empty', () => {
  it('gets the position that is in memory, and nothing is read twice or left out', async () => {
    on.append('a');
    on.start();
    await on.adobe.pace.idle();
    const position = await on.tools.positions.get('marketo-io');
    await on.connections.forWorkers().flushall();
    on.append('b');
    await on.nextRead();
    expect(on.pages()).toEqual([['a'], ['b']]);
    expect(await on.tools.positions.get('marketo-io')).not.toEqual(position);
  });

  it('begins anew where the file says when no process knows the position', async () => {
    on.append('a');
    const before = on.start();
    await on.adobe.pace.idle();
    await before.stop();
    await on.connections.forWorkers().flushall();
    on.start();
    await eventually(() => on.pages().length === 2);
    expect(on.pages()).toEqual([['a'], ['a']]);
  });
});

it('begins anew for another journal than the one that was read', async () => {
  on.append('a');
  await on.tools.positions.set('marketo-io', {
    journal: '/events/other',
    next: '/events/other?since=x',
    readAt: 0,
  });
  on.start();
  await eventually(() => on.pages().length === 1);
  expect(on.pages()).toEqual([['a']]);
});
