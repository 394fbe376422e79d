import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { effectsCommand } from '../../../src/cli/effects.command.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { systemClock } from '../../../src/contracts/clock.js';
import { Deliverer } from '../../../src/delivery/deliverer.js';
import { DeliveryProcessor } from '../../../src/delivery/delivery.processor.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { ExclusiveTurns } from '../../../src/delivery/exclusive-turns.js';
import { Gate } from '../../../src/delivery/gate/gate.js';
import { Sender } from '../../../src/delivery/sender.js';
import { WriteNotes } from '../../../src/delivery/write-notes.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { SeldomLog } from '../../../src/observability/seldom-log.js';
import { runJob } from '../../../src/queues/job-run.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { Locks } from '../../../src/state/locks.js';
import { OwnWrites } from '../../../src/state/own-writes.js';
import { eventually } from '../../support/eventually.js';
import { serve, type TestServer } from '../../support/http-server.js';
import { openActions } from '../../support/open-actions.js';
import { recordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ConnectionsFile } from '../config/connections-file.js';
import { someEffect } from './some-effect.js';

/** As a URL of Teams or of an incoming webhook of Slack: whoever knows it may post. */
const PATH = '/services/T0FAKE777/B0FAKE888/kEyOfTheHook24Characters';
const PIECES = ['T0FAKE777', 'B0FAKE888', 'kEyOfTheHook24Characters'];

let redis: RedisForTest;
let connections: RedisConnections;
let lanes: LaneQueues;
let server: TestServer;
let file: ConnectionsFile;
let failing = false;

beforeAll(async () => {
  redis = await startRedis({ durable: false });
  connections = new RedisConnections(redis.url);
  lanes = new LaneQueues(connections.forWorkers());
  file = new ConnectionsFile();
  server = await serve((request, response) => {
    request.resume();
    const { pathname } = new URL(request.url ?? '', 'http://x');
    response.statusCode = failing ? 404 : 200;
    response.end(`no ${request.url ?? ''} here: ${pathname}, nor ${pathname.split('/').pop() ?? ''}`);
  });
});
afterAll(async () => {
  file.remove();
  await server.close();
  await lanes.onApplicationShutdown();
  await connections.close();
  await redis.stop();
});

/** Everything in Redis as text. */
async function dump(): Promise<string> {
  const client = connections.forWorkers();
  const keys = await client.keys('*');
  const dumps = await Promise.all(
    keys.map(async (key) => {
      switch (await client.type(key)) {
        case 'hash':
          return await client.hgetall(key);
        case 'zset':
          return await client.zrange(key, 0, '-1');
        case 'set':
          return await client.smembers(key);
        case 'list':
          return await client.lrange(key, 0, -1);
        case 'stream':
          return await client.xrange(key, '-', '+');
        default:
          return await client.get(key);
      }
    }),
  );
  return inspect([keys, dumps], { depth: 9, maxArrayLength: null, maxStringLength: null });
}

it.each([
  ['webhook', { body: {} }],
  ['slack', { text: 'Hello' }],
])('of a %s is shown nowhere but for its origin', async (type, params) => {
  file.secret('url', `${server.origin}${PATH}?sig=sIgnatureOfTheHook`);
  const member = type === 'webhook' ? 'url' : 'webhookUrl';
  const rest =
    type === 'webhook' ? ', "secret": { "env": "SHOP_WEBHOOK_SECRET" }, "allowPrivateAddresses": true' : '';
  const { destinations } = await file.load(
    `{ "destinations": { "hook": { "kind": "${type}", "${member}": { "file": "./url" }${rest} } } }`,
  );
  const ledger = new EffectLedger(connections);
  const { actions, close } = openActions(systemClock);
  const sender = new Sender(
    ledger,
    new ExclusiveTurns(new Locks(connections)),
    new WriteNotes(new OwnWrites(connections)),
  );
  const gate = new Gate({ sources: {}, destinations }, { changed: () => Promise.resolve() });
  const metrics = new Metrics();
  const processor = new DeliveryProcessor(new Deliverer(actions, ledger, sender, gate), metrics);
  const told: unknown[] = [];
  const tell = (...words: unknown[]): void => void told.push(words);
  Logger.overrideLogger({ log: tell, warn: tell, error: tell });
  const logger = new Logger('Test');
  const worker = lanes.worker(
    'hook',
    (job, token) => runJob(processor, { queue: 'hook', logger, seldom: new SeldomLog(logger) }, job, token),
    { concurrency: 4 },
  );
  void worker.run();

  const [taken, refused] = [1, 2].map(() => someEffect({ type, to: 'hook', params }));
  for (const effect of [taken, refused]) {
    if (effect === undefined) continue;
    failing = effect === refused;
    await lanes.add('hook', [{ name: type, data: effect, opts: { jobId: effect.id, attempts: 1 } }]);
    await eventually(async () =>
      ['done', 'failed'].includes((await ledger.get(effect.id))?.standing ?? 'none'),
    );
  }
  await eventually(async () => (await lanes.lane('hook').getFailedCount()) === 1);
  await worker.close();
  await close();
  Logger.overrideLogger(false);

  const terminal = recordedTerminal();
  const config = { redisUrl: redis.url, dataDir: '/nowhere' } as AppConfig;
  for (const args of [[], ['show', refused?.id ?? ''], ['show', taken?.id ?? '', '--json']])
    await effectsCommand(terminal, () => config).parseAsync(args, { from: 'user' });
  const shown = {
    redis: await dump(),
    metrics: await metrics.registry.metrics(),
    log: inspect(told, { depth: 9 }),
    terminal: terminal.printed.join('\n'),
  };
  for (const [place, text] of Object.entries(shown))
    for (const piece of [PATH, ...PIECES, 'sIgnatureOfTheHook'])
      expect([place, piece, text.includes(piece)]).toEqual([place, piece, false]);
  expect(shown.terminal).toContain(`POST ${server.origin}/`);
  expect(shown.log).toContain('job.dead');
  await connections.forWorkers().flushall();
});
