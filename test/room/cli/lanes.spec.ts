import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lanesCommand } from '../../../src/cli/lanes.command.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { Journal } from '../../../src/journal/journal.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { laneKey } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { effectFor } from '../../support/effects.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const CONNECTIONS = {
  sources: {},
  destinations: {
    ops: { kind: 'slack', webhookUrl: { file: 'hook' } },
    crm: { kind: 'email', smtpUrl: { file: 'smtp' }, from: 'a@acme.example', to: ['b@acme.example'] },
  },
};

let redis: RedisForTest;
let connections: RedisConnections;
let queues: LaneQueues;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
  connections = new RedisConnections(redis.url);
  queues = new LaneQueues(connections.forWorkers());
  folder = mkdtempSync(join(tmpdir(), 'signalman-lanes-'));
  writeFileSync(join(folder, 'hook'), 'https://hooks.slack.com/services/T/B/X');
  writeFileSync(join(folder, 'smtp'), 'smtp://127.0.0.1:2525');
  writeFileSync(join(folder, 'connections.json'), JSON.stringify(CONNECTIONS));
});
afterAll(async () => {
  await queues.onApplicationShutdown();
  await connections.close();
  await redis.stop();
  rmSync(folder, { recursive: true });
});

async function lanes(...args: string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const connectionsFile = join(folder, 'connections.json');
  const config = { redisUrl: redis.url, dataDir: folder, connectionsFile, sandbox: false };
  await lanesCommand(terminal, () => config as unknown as AppConfig)
    .exitOverride()
    .parseAsync(args, { from: 'user' });
  return terminal;
}

it('are listed by name, with what waits', async () => {
  await queues.add('crm', [{ name: 'email', data: effectFor({ to: 'crm' }), opts: { jobId: 'e1' } }]);
  expect((await lanes()).printed).toEqual([
    'destination  kind       waiting  under way  next try  dead',
    'crm          email            1          0         0     0',
    'ops          slack            0          0         0     0',
    'signalman    signalman        0          0         0     0',
  ]);
});

it('say below what keeps each from being sent', async () => {
  const client = connections.forWorkers();
  const until = Date.parse('2999-01-01T00:00:00Z');
  await client.hset(laneKey('crm'), {
    breaker: 'open',
    until,
    since: 0,
    lastFailure: 'smtp.timeout: no answer',
  });
  await client.hset(laneKey('ops'), { breaker: 'disabled', lastFailure: 'http.410: gone' });
  await client.hset(laneKey('signalman'), { until, since: 0 });
  const { printed } = await lanes('list');
  expect(printed.filter((line) => line.startsWith('  '))).toEqual([
    '  failing since 1970-01-01T00:00:00.000Z, left alone until 2999-01-01T00:00:00.000Z: smtp.timeout: no answer',
    '  disabled, it asked for nothing more, so a person has to resume it: http.410: gone',
    '  held until 2999-01-01T00:00:00.000Z',
  ]);
  expect(printed.at(-1)).toBe('When the cause is mended, or to try at once: signalman lanes resume <name>');
  const json = JSON.parse((await lanes('list', '--json')).printed.join('')) as unknown;
  expect(json).toMatchObject([{ name: 'crm', breaker: 'open', heldUntil: until }, {}, {}]);

  await client.hset(laneKey('crm'), { until: 1 });
  await client.hset(laneKey('signalman'), { askedSince: 0, lastFailure: 'http.429: too many' });
  expect((await lanes('list')).printed.filter((line) => line.startsWith('  '))).toEqual([
    '  failing since 1970-01-01T00:00:00.000Z, the next effect tries it: smtp.timeout: no answer',
    '  disabled, it asked for nothing more, so a person has to resume it: http.410: gone',
    '  held since 1970-01-01T00:00:00.000Z until 2999-01-01T00:00:00.000Z; what it last refused: http.429: too many',
  ]);
  await client.del(...['crm', 'ops', 'signalman'].map(laneKey));
});

it('are paused with a reason and resumed, which is written down', async () => {
  const { printed } = await lanes('pause', 'ops', '--reason', 'Too loud');
  expect(printed).toEqual(['ops is paused: it is sent nothing until you say signalman lanes resume ops.']);
  expect((await lanes()).printed.join('\n')).toMatch(/^ {2}paused by cli:\S+ since \S+Z: Too loud$/m);
  expect((await lanes('resume', 'ops')).printed).toEqual(['ops is sent to again.']);
  expect((await lanes()).printed.join('\n')).not.toContain('paused');
  expect(await new Journal(connections).latest('audit', 2)).toMatchObject([
    { audit: { what: 'lane.resumed', target: 'ops' } },
    { audit: { what: 'lane.paused', target: 'ops', detail: 'Too loud' } },
  ]);
});

it.each(['pause', 'resume'])('are left as they are when a %s cannot be written down', async (verb) => {
  const client = connections.forWorkers();
  const paused = verb === 'resume' ? '{"by":"cli:ann","reason":"x","since":"2026-11-26T10:00:00Z"}' : null;
  if (paused !== null) await client.hset(laneKey('ops'), 'paused', paused);
  await client.rename('signalman:audit', 'the-book');
  await client.set('signalman:audit', 'not a book');
  const reason = verb === 'pause' ? ['--reason', 'x'] : [];
  await expect(lanes(verb, 'ops', ...reason)).rejects.toThrow('WRONGTYPE');
  expect(await client.hget(laneKey('ops'), 'paused')).toBe(paused);
  await client.rename('the-book', 'signalman:audit');
  await client.del(laneKey('ops'));
});

it.each(['pause', 'resume'])('of no destination cannot be asked to %s', async (verb) => {
  const reason = verb === 'pause' ? ['--reason', 'x'] : [];
  await expect(lanes(verb, 'opps', ...reason)).rejects.toMatchObject({
    message: 'There is no destination "opps". Did you mean "ops"?',
  });
});
