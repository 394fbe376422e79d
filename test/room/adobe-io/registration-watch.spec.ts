import { Gauge } from 'prom-client';
import { RegistrationClient } from '../../../src/adobe-io/registration/registration-client.js';
import { RegistrationStates } from '../../../src/adobe-io/registration/registration-states.js';
import { RegistrationWatch, type WatchTools } from '../../../src/adobe-io/registration/registration-watch.js';
import type { RawBatch } from '../../../src/contracts/batch.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { Locks } from '../../../src/state/locks.js';
import { eventually } from '../../support/eventually.js';
import { type RedisForTest, startRedis } from '../../support/redis.js';
import { type Adobe, startAdobe } from './adobe.js';

const MINUTE = 60_000;

let redis: RedisForTest;
let connections: RedisConnections;
let adobe: Adobe;
let tools: WatchTools;
let stored: RawBatch[];
const watches: RegistrationWatch[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  connections = new RedisConnections(redis.url);
  await connections.forWorkers().flushall();
  adobe = await startAdobe();
  stored = [];
  const { registry } = new Metrics();
  tools = {
    client: new RegistrationClient(adobe.api, adobe.pace),
    states: new RegistrationStates(connections),
    queue: {
      add: (batch) => {
        stored.push(batch);
        return Promise.resolve();
      },
    },
    locks: new Locks(connections),
    ok: new Gauge({ name: 'ok', help: 'ok', labelNames: ['source'], registers: [registry] }),
    pace: adobe.pace,
  };
});
afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.stop()));
  await adobe.close();
  await connections.close();
});

function start(changes: Partial<WatchTools> = {}): RegistrationWatch {
  const { account, registrationUrl } = adobe;
  const watch = new RegistrationWatch(
    { name: 'marketo-io', account, registrationUrl },
    { ...tools, ...changes },
  );
  watches.push(watch);
  watch.start();
  return watch;
}

const asked = (): number =>
  adobe.standIn.requests.all().filter(({ url }) => url.pathname.includes('/registrations/')).length;
const ok = async (): Promise<number | undefined> => (await tools.ok.get()).values[0]?.value;
const raised = (): { id: string; type: string; data: object }[] =>
  stored.map(({ bodies }) => JSON.parse(String(bodies[0])) as { id: string; type: string; data: object });

/** As Adobe shows it from now on, seen by the next look. */
async function becomes(enabled: boolean, status: string): Promise<void> {
  adobe.standIn.registration = { enabled, webhook_status: status };
  const before = asked();
  adobe.pace.pass(6 * MINUTE);
  await eventually(() => asked() > before);
  await adobe.pace.idle();
}

it('asks every five minutes, more or less, and is content while Adobe delivers', async () => {
  const watch = start();
  await adobe.pace.idle();
  expect([await ok(), watch.health()]).toEqual([1, { ok: true, detail: 'enabled, verified' }]);
  await becomes(true, 'verified');
  for (const wait of adobe.pace.waits) {
    expect(wait).toBeGreaterThanOrEqual(4.5 * MINUTE);
    expect(wait).toBeLessThanOrEqual(5.5 * MINUTE);
  }
  expect([asked(), raised()]).toEqual([2, []]);
});

it.each([
  [true, 'unstable'],
  [true, 'UNSTABLE'],
  [true, 'disabled'],
  [false, 'verified'],
])('warns of enabled %s, status %s, tells the change once, and that it is over', async (enabled, status) => {
  const watch = start();
  await adobe.pace.idle();
  await becomes(enabled, status);
  await becomes(enabled, status);
  expect(await ok()).toBe(0);
  expect(watch.health().ok).toBe(true);
  expect(watch.health().detail).toContain('edit and save it in the Adobe Developer Console');
  await becomes(true, 'verified');
  expect(await ok()).toBe(1);
  expect(raised()).toMatchObject([
    {
      type: 'signalman.registration.changed',
      data: { source: 'marketo-io', enabled, status, previous: { enabled: true, status: 'verified' } },
    },
    { data: { enabled: true, status: 'verified', previous: { enabled, status } } },
  ]);
  expect(stored[0]).toMatchObject({ source: 'signalman', kind: 'signalman', route: 'engine', mode: 'live' });
});

it('gives every change an id of its own, and a repeat of one the same id', async () => {
  start();
  await adobe.pace.idle();
  for (let round = 0; round < 2; round += 1) {
    await becomes(true, 'unstable');
    await becomes(true, 'verified');
  }
  expect(new Set(raised().map(({ id }) => id)).size).toBe(4);
});

it('repeats a change that a crash kept from being written down, with the same id', async () => {
  const first = start();
  await adobe.pace.idle();
  await first.stop();
  adobe.standIn.registration = { enabled: false, webhook_status: 'disabled' };
  const { states } = tools;
  const crashing = {
    get: (source: string) => states.get(source),
    set: () => Promise.reject(new Error('killed')),
  } as unknown as RegistrationStates;
  const crashed = start({ states: crashing });
  await eventually(() => stored.length === 1);
  await crashed.stop();
  start();
  await eventually(() => stored.length === 2);
  const [one, two] = raised();
  expect(one?.id).toBe(two?.id);
});

it('tells at its first look only what is wrong', async () => {
  adobe.standIn.registration = { enabled: true, webhook_status: 'unstable' };
  start();
  await adobe.pace.idle();
  expect(raised()).toMatchObject([{ data: { status: 'unstable', previous: null } }]);
});

it('says in the health that Adobe cannot be asked, and goes on asking', async () => {
  adobe.standIn.failNext({ path: '/registrations', httpStatus: 404 });
  const watch = start();
  await adobe.pace.idle();
  expect(watch.health()).toEqual({
    ok: true,
    detail: expect.stringMatching(/^cannot be asked for: Adobe.*[^.]$/) as string,
  });
  await becomes(true, 'verified');
  expect(watch.health().detail).toBe('enabled, verified');
});

it('is asked for by one process, and the others show what it heard', async () => {
  adobe.standIn.registration = { enabled: true, webhook_status: 'unstable' };
  const one = start();
  await adobe.pace.idle();
  const two = start();
  await adobe.pace.idle(2);
  expect(asked()).toBe(1);
  expect(two.health()).toEqual(one.health());
  await one.stop();
  await becomes(true, 'verified');
  expect(two.health().detail).toBe('enabled, verified');
});
