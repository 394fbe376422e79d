import { type Job, type Queue, Worker } from 'bullmq';
import { deadCommand } from '../../../src/cli/dead.command.js';
import { type Ask } from '../../../src/cli/terminal/ask.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { Journal } from '../../../src/journal/journal.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';
import { bareConfig } from '../../support/bare-config.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

let redis: RedisForTest;
let connections: RedisConnections;
let lanes: LaneQueues;
let queue: Queue;

beforeAll(async () => {
  redis = await startRedis();
  connections = new RedisConnections(redis.url);
  lanes = new LaneQueues(connections.forWorkers());
  queue = lanes.lane('ops');
});

afterAll(async () => {
  await lanes.onApplicationShutdown();
  await connections.close();
  await redis.stop();
});

afterEach(async () => {
  for (const lane of await lanes.all()) await lane.obliterate({ force: true });
});

const NOBODY: Ask = () => Promise.resolve(undefined);

async function run(args: readonly string[], ask: Ask = NOBODY): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const config = bareConfig(redis.url);
  await deadCommand(terminal, () => config, ask)
    .exitOverride()
    .parseAsync(args, { from: 'user' });
  return terminal;
}

const dead = (...args: string[]): Promise<RecordedTerminal> => run(args);

const refuse = (): Promise<never> => Promise.reject(new Error('channel_not_found'));

function worker(name: string, process: (job: Job) => Promise<never>): Worker {
  const options = { connection: connections.forWorkers(), prefix: QUEUE_PREFIX };
  return new Worker(lanes.lane(name).name, process, options);
}

async function given(
  name: string,
  effects: readonly Partial<Effect>[],
  process: (job: Job) => Promise<never> = refuse,
): Promise<void> {
  const jobs = effects.map((effect) => ({
    name: 'slack',
    data: effect as Effect,
    opts: { jobId: effect.id ?? '', attempts: 1 },
  }));
  await lanes.add(name, jobs);
  const working = worker(name, process);
  await eventually(async () => (await lanes.lane(name).getFailedCount()) === effects.length);
  await working.close();
}

async function deadLetters(...ids: string[]): Promise<void> {
  await given(
    'ops',
    ids.map((id) => ({ id })),
  );
}

it('says that there are none', async () => {
  expect((await dead('list')).printed).toEqual(['There are no dead letters.']);
});

it('lists what was given up and why', async () => {
  await deadLetters('e1');
  const { printed } = await dead('list');
  expect(printed.join('\n')).toMatch(/^e1 {2}slack {2}\S+ {2}after 1 attempt\n {2}channel_not_found$/);
  expect(JSON.parse((await dead('list', '--json')).printed.join(''))).toMatchObject([
    { id: 'e1', queue: 'actions' },
  ]);
});

it('puts one back', async () => {
  await deadLetters('e1', 'e2');
  const terminal = await dead('replay', 'e2');
  expect(terminal.printed).toEqual(['1 dead letter put back.']);
  expect(terminal.failed).toBe(false);
  expect(await queue.getWaiting()).toMatchObject([{ id: 'e2' }]);
  expect(await queue.getFailed()).toMatchObject([{ id: 'e1' }]);
});

it('writes down what was put back', async () => {
  await deadLetters('e1');
  await dead('replay', 'e1', 'e9');
  const entries = await new Journal(connections).latest('audit', 1);
  const who = expect.stringMatching(/^cli:./) as string;
  expect(entries).toMatchObject([{ audit: { what: 'dead.replayed', target: 'e1', who } }]);
});

it('puts all back', async () => {
  await deadLetters('e1', 'e2', 'e3');
  expect((await dead('replay', '--all', '--yes')).printed).toEqual(['3 dead letters put back.']);
  expect(await queue.getWaitingCount()).toBe(3);
});

it('puts back more than it lists, also while they die again', async () => {
  const ids = Array.from({ length: 250 }, (_, index) => `e${index}`);
  await deadLetters(...ids);
  const tried = new Set<string | undefined>();
  const working = worker('ops', (job) => {
    tried.add(job.id);
    return refuse();
  });
  await working.waitUntilReady();
  expect((await dead('replay', '--all', '--yes')).printed).toEqual(['250 dead letters put back.']);
  await eventually(() => tried.size === ids.length);
  await working.close();
});

it('names the destination and the rule of an effect, and the source of a batch', async () => {
  await deadLetters('e1', 'e2');
  await (await queue.getJob('e1'))?.updateData({ to: 'ops', ruleId: 'leads/x' });
  await (await queue.getJob('e2'))?.updateData({ source: 'crm' });
  const { printed } = await dead('list');
  expect(printed.join('\n')).toMatch(/^e1 {2}slack → ops {2}leads\/x {2}/m);
  expect(printed.join('\n')).toMatch(/^e2 {2}slack from crm {2}/m);
});

it('says that there are more than it lists', async () => {
  await deadLetters('e1', 'e2', 'e3');
  const { printed, complaints } = await dead('list', '--limit', '1');
  expect(printed).toHaveLength(2);
  expect(complaints).toEqual(['There are 2 more: --limit shows more of them.']);
});

it('says which one there is not', async () => {
  const terminal = await dead('replay', 'e9');
  expect(terminal.complaints).toEqual(['There is no dead letter e9.']);
  expect(terminal.failed).toBe(true);
});

describe('dead letters of several lanes', () => {
  beforeEach(async () => {
    const timeout = (): Promise<never> => Promise.reject(new Error('http.timeout: The CRM did not answer'));
    await given('ops', [
      { id: 'e1', to: 'ops', ruleId: 'leads/x' },
      { id: 'e2', to: 'ops', ruleId: 'leads/y' },
    ]);
    await given('crm', [{ id: 'e3', to: 'crm', ruleId: 'leads/x' }], timeout);
  });

  it.each([
    [
      ['--to', 'ops'],
      ['e1', 'e2'],
    ],
    [['--to', 'crm'], ['e3']],
    [['--to', 'nobody'], []],
    [
      ['--rule', 'leads/x'],
      ['e1', 'e3'],
    ],
    [
      ['--rule', 'leads/*'],
      ['e1', 'e2', 'e3'],
    ],
    [['--rule', 'audit/*'], []],
    [['--reason', 'did NOT answer'], ['e3']],
    [['--rule', 'leads/x', '--reason', 'channel'], ['e1']],
    [
      ['--since', '1h'],
      ['e1', 'e2', 'e3'],
    ],
  ])('are listed and replayed with %j: %j', async (filter, ids) => {
    const listed = JSON.parse((await dead('list', '--json', ...filter)).printed.join('')) as { id: string }[];
    expect(listed.map(({ id }) => id).sort()).toEqual(ids);
    const { printed } = await dead('replay', '--yes', ...filter);
    expect(printed).toEqual([`${ids.length} dead letter${ids.length === 1 ? '' : 's'} put back.`]);
    const back = (await Promise.all((await lanes.all()).map((lane) => lane.getWaiting()))).flat();
    expect(back.map(({ id }) => id).sort()).toEqual(ids);
  });

  it('of a rule that is none are none, which is said', async () => {
    const slip = 'There is no rule leads/us-without-stat in force. Did you mean leads/us-without-state?';
    const complaints = [`${slip} Nothing is known of it either.`];
    const filter = ['--rule', 'leads/us-without-stat'];
    expect(await dead('list', ...filter)).toMatchObject({
      printed: ['There are no such dead letters.'],
      complaints,
    });
    expect(await dead('replay', '--yes', ...filter)).toMatchObject({
      printed: ['0 dead letters put back.'],
      complaints,
    });
  });

  it('that were given up before are left out', async () => {
    await connections.forWorkers().hset(queue.toKey('e1'), 'finishedOn', Date.now() - 2 * 3_600_000);
    await connections.forWorkers().zadd(queue.toKey('failed'), Date.now() - 2 * 3_600_000, 'e1');
    const { printed } = await dead('list', '--since', '1h', '--to', 'ops');
    expect(printed.join('\n')).not.toContain('e1');
    expect(printed.join('\n')).toContain('e2');
  });

  it('are only counted in a dry run', async () => {
    expect((await dead('replay', '--dry-run', '--to', 'ops')).printed).toEqual([
      '2 dead letters would be put back.',
    ]);
    expect(await queue.getFailedCount()).toBe(2);
  });

  it('are counted before somebody is asked, and stay when he says no', async () => {
    const asked: string[] = [];
    const answer = (yes: boolean): Ask => {
      return (question) => {
        asked.push(question);
        return Promise.resolve(yes);
      };
    };
    expect((await run(['replay', '--all'], answer(false))).printed).toEqual(['Nothing was put back.']);
    expect(asked).toEqual(['Put 3 dead letters back, to be done again? [y/N] ']);
    expect((await run(['replay', '--all'], answer(true))).printed).toEqual(['3 dead letters put back.']);
  });

  it('are not put back when nobody is there to ask', async () => {
    await expect(dead('replay', '--all')).rejects.toMatchObject({
      message: 'Say --yes: Put 3 dead letters back, to be done again? Nobody is here to answer.',
    });
  });
});

it('puts back only what takes others back, when asked to', async () => {
  await given('ops', [{ id: 'one', ruleId: 'leads/a' }]);
  await given('crm', [{ id: 'back', ruleId: 'leads/a', undoes: 'one' }]);
  expect((await dead('replay', '--rule', 'leads/a', '--undoing', '--dry-run')).printed).toEqual([
    '1 dead letter would be put back.',
  ]);
  expect((await dead('list', '--undoing')).printed[0]).toContain('back');
});

it('puts nothing back that it cannot write down', async () => {
  await deadLetters('one');
  const client = connections.forWorkers();
  await client.del('signalman:audit');
  await client.set('signalman:audit', 'not a book');
  await expect(dead('replay', 'one')).rejects.toThrow('WRONGTYPE');
  expect(await queue.getFailedCount()).toBe(1);
  await client.del('signalman:audit');
});
