import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { deadCommand } from '../../../src/cli/dead.command.js';
import { effectsCommand } from '../../../src/cli/effects.command.js';
import { heldCommand } from '../../../src/cli/held.command.js';
import { lanesCommand } from '../../../src/cli/lanes.command.js';
import { harmless, type Terminal } from '../../../src/cli/terminal/terminal.js';
import { undoCommand } from '../../../src/cli/undo.command.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { laneKey } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';
import { recordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ending, someEffect } from '../delivery/some-effect.js';

/** Clears the screen, and begins a line that looks like one of ours. */
const HOSTILE = '\u001b[2J\nFORGED  done';
const RULE = 'leads/x';

let redis: RedisForTest;
let connections: RedisConnections;
let lanes: LaneQueues;
let folder: string;

beforeAll(async () => {
  redis = await startRedis({ durable: false });
  connections = new RedisConnections(redis.url);
  lanes = new LaneQueues(connections.forWorkers());
  folder = mkdtempSync(join(tmpdir(), 'signalman-hostile-'));
  writeFileSync(join(folder, 'connections.json'), '{ "sources": {}, "destinations": {} }');
  await fill();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await lanes.onApplicationShutdown();
  await connections.close();
  await redis.stop();
});

/** A field of a lead, the description of a rule and the answer of a mail server, wherever they are kept. */
async function fill(): Promise<void> {
  const ledger = new EffectLedger(connections);
  const params = { subject: `About ${HOSTILE}`, text: `${HOSTILE} (a rule: ${HOSTILE})` };
  const [refused, given, queued] = [1, 2, 3].map(() =>
    someEffect({
      type: 'email',
      to: 'crm',
      params,
      eventId: `9-${HOSTILE}`,
      decidedAt: new Date().toISOString(),
    }),
  );
  if (refused === undefined || given === undefined || queued === undefined) throw new Error('none');
  await ledger.claim(refused, { token: 't', leaseMs: 60_000 });
  const reason = `smtp.550: ${HOSTILE}`;
  const end = ending('failed', reason);
  const request = { method: 'SMTP', target: 'mail.acme.example', body: HOSTILE, headers: { to: HOSTILE } };
  const record = { at: '2026-05-04T10:00:00.000Z', ms: 1, outcome: 'failed', reason } as const;
  const answer = { status: 550, text: HOSTILE };
  await ledger.settle(refused, 't', { ...end, record: { ...record, request, answer } });
  await ledger.claim(given, { token: 't', leaseMs: 60_000 });
  await ledger.settle(
    given,
    't',
    ending('done', HOSTILE, { receipt: { summary: HOSTILE, skipped: [HOSTILE] } }),
  );
  await lanes.add('crm', [{ name: 'email', data: refused, opts: { jobId: refused.id, attempts: 1 } }]);
  const worker = lanes.worker('crm', () => Promise.reject(new Error(reason)), { concurrency: 1 });
  void worker.run();
  await eventually(async () => (await lanes.lane('crm').getFailedCount()) === 1);
  await worker.close();
  await new ActionsQueue(lanes).addAll([queued]);
  const since = '2026-11-26T10:00:00.000Z';
  const paused = JSON.stringify({ by: 'cli:ann', reason: HOSTILE, since });
  await connections.forWorkers().hset(laneKey('crm'), { paused, lastFailure: reason, breaker: 'open' });
  const holding = { id: 'h', reason: 'more than 2 firings in 1h', since: Date.parse(since) };
  const firing = { ruleId: RULE, holding, began: false };
  const held = someEffect({ type: 'email', to: 'crm', params });
  await new HeldEffects(connections).add([{ ...firing, effects: [{ effect: held, leads: [HOSTILE] }] }]);
  await ledger.hold(held, HOSTILE);
}

async function screen(
  make: (terminal: Terminal, config: () => AppConfig) => Command,
  args: readonly string[],
) {
  const terminal = recordedTerminal();
  const config = {
    ...{ redisUrl: redis.url, dataDir: folder, rulesDir: 'rules', sandbox: false },
    connectionsFile: join(folder, 'connections.json'),
  } as unknown as AppConfig;
  await make(terminal, () => config).parseAsync(args, { from: 'user' });
  return [...terminal.printed, ...terminal.complaints].map((line) => harmless(line, true));
}

const failed = async (): Promise<string> => (await lanes.lane('crm').getFailed())[0]?.id ?? '';
const done = async (): Promise<string> => {
  const [line = ''] = await screen(effectsCommand, ['--outcome', 'done']);
  return /e[0-9a-f]{32}/.exec(line)?.[0] ?? '';
};

it.each([
  ['effects', effectsCommand, () => []],
  ['effects show, of a failure', effectsCommand, async () => ['show', await failed()]],
  ['effects show, of what was done', effectsCommand, async () => ['show', await done()]],
  ['dead list', deadCommand, () => ['list']],
  ['held', heldCommand, () => []],
  ['held show --leads', heldCommand, () => ['show', RULE, '--leads']],
  ['lanes', lanesCommand, () => []],
  ['undo --dry-run', undoCommand, () => ['--rule', RULE, '--since', '1h', '--dry-run']],
] as const)('of strangers steer no terminal and begin no line: %s', async (_name, command, args) => {
  const lines = await screen(command, await args());
  expect(lines.join('')).toContain('FORGED');
  expect(lines.filter((line) => /\p{Cc}/u.test(line) || line.startsWith('FORGED'))).toEqual([]);
});
