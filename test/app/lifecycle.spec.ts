import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { startRedis } from '../support/redis.js';
import { newLead } from './support/activity.js';
import type { AppProcess } from './support/app-process.js';
import { figure } from './support/figure.js';
import { House } from './support/house.js';
import { Inside } from './support/inside.js';
import { rule, tell } from './support/rule.js';

const RULES = { 'tell.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')]) };
/** Longest time that ending may take when nothing is under way. */
const END_MS = 5_000;

/** An app with a Redis of its own is one without this. */
const EMBEDDED = { REDIS_URL: '' };

let house: House;
beforeEach(async () => {
  house = await House.build(RULES);
});
afterEach(async () => {
  await house.demolish();
});

const told = () => house.sandbox.receiver.all().map(({ body }) => Number(JSON.parse(body)));

async function deliver(app: AppProcess, ...leads: number[]): Promise<void> {
  const doors = house.doors(app);
  for (const lead of leads) expect((await doors.adobe(newLead(lead, doors.clientId))).status).toBe(200);
}

const eventsThatWere = (outcome: string) =>
  new RegExp(`signalman_events_total\\{stream="lead-activity",outcome="${outcome}"\\}`);
const EFFECTS_DONE = /signalman_effects_total\{type="webhook",destination="receiver",outcome="done"\}/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('with a Redis of its own', () => {
  const socket = () => join(house.folder, 'data', 'redis.sock');

  async function redisPid(): Promise<number> {
    const redis = new Redis(socket());
    try {
      return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
    } finally {
      redis.disconnect();
    }
  }

  async function idle(): Promise<void> {
    const inside = new Inside(socket());
    try {
      await inside.idle();
    } finally {
      await inside.close();
    }
  }

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends cleanly on %s and knows everything at the next start',
    async (signal) => {
      const app = await house.start(EMBEDDED);
      await deliver(app, 1);
      await eventually(() => told().length === 1);
      await idle();
      const pid = await redisPid();
      const began = performance.now();
      expect(await app.stop(signal)).toBe(0);
      expect(performance.now() - began).toBeLessThan(END_MS);
      expect(isAlive(pid)).toBe(false);

      const again = await house.start(EMBEDDED);
      await deliver(again, 1, 2);
      await idle();
      expect(await figure(again, eventsThatWere('duplicate'))).toBe(1);
      expect(await figure(again, eventsThatWere('decided'))).toBe(1);
      expect(told()).toEqual([1, 2]);
      expect(await again.stop(signal)).toBe(0);
    },
  );

  it('leaves no process behind when it is killed, and does at the next start what it had only stored', async () => {
    // A door alone stores and does not process.
    const door = await house.start({ ...EMBEDDED, SIGNALMAN_ROLE: 'ingest' });
    const leads = Array.from({ length: 20 }, (_, i) => i + 1);
    await deliver(door, ...leads);
    const pid = await redisPid();
    await door.kill9();
    await eventually(() => !isAlive(pid));
    expect(told()).toEqual([]);

    const app = await house.start(EMBEDDED);
    await eventually(() => told().length === leads.length);
    await idle();
    expect(told().sort((a, b) => a - b)).toEqual(leads);
    expect(await app.stop()).toBe(0);
  });

  it('refuses a folder that another instance has, which goes on', async () => {
    const first = await house.start(EMBEDDED);
    const second = await house.launch(EMBEDDED);
    expect(await second.ended()).toBe(1);
    expectOneSentence(second, /Another Signalman \(process \d+\) runs in .*: stop it, or/);
    expect(second.log).toContain(String(first.pid));
    await deliver(first, 1);
    await eventually(() => told().length === 1);
  });
});

/** What went wrong, in words, without a stack. Nest has its own word on a port beside ours. */
function expectOneSentence(app: AppProcess, sentence: RegExp): void {
  const errors = app.log
    .split('\n')
    .filter((line) => line.includes('"level":"error"') || line.includes('ERROR'))
    .filter((line) => !line.includes('"context":"NestApplication"'));
  expect(errors).toEqual([expect.stringMatching(sentence)]);
  expect(app.log).not.toMatch(/^\s+at |\\n\s+at /m);
}

describe('with settings that cannot be', () => {
  it.each([
    [{ PORT: '99999' }, /PORT is .*99999.*: give a whole number from 0 to 65535/],
    [{ SIGNALMAN_ROLE: 'boss' }, /SIGNALMAN_ROLE is .*boss.*: give one of all, ingest, worker/],
    [
      { SIGNALMAN_CONNECTIONS: '/nowhere/connections.json' },
      /SIGNALMAN_CONNECTIONS names .* there is no such file/,
    ],
    [{ SIGNALMAN_CONNECTIONS: '/' }, /connections file .* cannot be read/],
    [{ TEST_SECRET_0: '' }, /connections\.json:1:\d+: sources\.\S+: .*TEST_SECRET_0 is not set/],
  ])('%j is told in one sentence, with exit code 1', async (env, sentence) => {
    const app = await house.launch(env);
    expect(await app.ended()).toBe(1);
    expectOneSentence(app, sentence);
  });

  it('a connections file that is no JSON is told by line and column', async () => {
    house.writeRule('../connections.json', '{\n  "sources": {,\n}');
    const app = await house.launch();
    expect(await app.ended()).toBe(1);
    expectOneSentence(app, /connections\.json:2:15: a value is missing here/);
  });

  it('a port that is taken is told in one sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const app = await house.launch({ PORT: String(port) });
    expect(await app.ended()).toBe(1);
    other.close();
    expectOneSentence(app, new RegExp(`${port}.* in use`));
  });

  it('a Redis that may throw keys away is refused', async () => {
    const forgetful = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    const app = await house.launch({ REDIS_URL: forgetful.url });
    expect(await app.ended()).toBe(1);
    await forgetful.stop();
    expectOneSentence(app, /maxmemory-policy allkeys-lru and may throw events away: set it to noeviction/);
  });
});

it('finishes what is under way before it ends', async () => {
  const app = await house.start();
  house.sandbox.receiver.failNext({ delayMs: 1_000 });
  await deliver(app, 1);
  await eventually(() => house.sandbox.receiver.requests.size === 1);
  expect(await app.stop()).toBe(0);
  expect(told()).toEqual([1]);
  // It was settled: the next start does not send it again.
  await house.start();
  await house.inside.idle();
  expect(house.sandbox.receiver.requests.size).toBe(1);
  expect(await house.inside.effects(1)).toMatchObject([{ standing: 'done' }]);
});

it('is not ready any more while it finishes, and still answers who comes', async () => {
  const app = await house.start();
  house.sandbox.receiver.failNext({ delayMs: 2_000 });
  await deliver(app, 1);
  await eventually(() => house.sandbox.receiver.requests.size === 1);
  const ended = app.stop();
  const { body } = await eventually(async () => {
    const answer = await house.doors(app).get('/health/ready');
    return answer.status === 503 ? answer : undefined;
  });
  expect(body).toContain('it is ending');
  await deliver(app, 2);
  expect(await ended).toBe(0);
  // Stored, for whoever is started next.
  expect(told()).toEqual([1]);
  await house.start();
  await eventually(() => told().length === 2);
});

describe('in processes of different roles', () => {
  it('a door and two workers do the whole line, each effect once', async () => {
    const [door, ...workers] = await Promise.all([
      house.start({ SIGNALMAN_ROLE: 'ingest' }),
      house.start({ SIGNALMAN_ROLE: 'worker' }),
      house.start({ SIGNALMAN_ROLE: 'worker' }),
    ]);
    const doors = house.doors(door);
    const leads = Array.from({ length: 400 }, (_, i) => i + 1);
    const batches = Array.from({ length: 20 }, (_, i) => leads.slice(i * 20, (i + 1) * 20));
    const send = async (batch: number[]) => doors.adobe(batch.map((lead) => newLead(lead, doors.clientId)));
    const answers = await Promise.all([...batches, ...batches].map(send));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await house.inside.idle();
    expect(told().sort((a, b) => a - b)).toEqual(leads);
    const done = await Promise.all(workers.map((worker) => figure(worker, EFFECTS_DONE)));
    expect(done.reduce((sum, count) => sum + count)).toBe(leads.length);
    expect(Math.min(...done)).toBeGreaterThan(0);
  });

  it('a worker has no door', async () => {
    const worker = await house.start({ SIGNALMAN_ROLE: 'worker' });
    const doors = house.doors(worker);
    expect((await doors.adobe(newLead(1, doors.clientId))).status).toBe(404);
  });
});
