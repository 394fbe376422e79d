import { heldCommand } from '../../../src/cli/held.command.js';
import type { Ask } from '../../../src/cli/terminal/ask.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { Journal } from '../../../src/journal/journal.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { bareConfig } from '../../support/bare-config.js';
import { effectFor, firingsOf, namesFrom, RULE_ID } from '../../support/held-firings.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const HOLDING = { id: 'h', reason: 'more than 2 firings in 1h', since: Date.parse('2026-11-26T10:00:00Z') };

let redis: RedisForTest;
let connections: RedisConnections;
let lanes: LaneQueues;

beforeAll(async () => {
  redis = await startRedis();
  connections = new RedisConnections(redis.url);
  lanes = new LaneQueues(connections.forWorkers());
});
afterAll(async () => {
  await lanes.onApplicationShutdown();
  await connections.close();
  await redis.stop();
});
beforeEach(async () => {
  await connections.forWorkers().flushall();
  await new HeldEffects(connections).add(firingsOf(HOLDING, namesFrom(1, 6)));
});

async function held(
  args: readonly string[],
  ask: Ask = () => Promise.resolve(undefined),
): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const config = bareConfig(redis.url);
  const command = heldCommand(terminal, () => config, ask);
  for (const each of [command, ...command.commands])
    each.exitOverride().configureOutput({ writeErr: terminal.complain });
  await command.parseAsync(args, { from: 'user' });
  return terminal;
}
const waiting = async (): Promise<number> => await lanes.lane('crm').getPrioritizedCount();
const audited = async (): Promise<unknown[]> =>
  (await new Journal(connections).latest('audit', 10)).map((entry) => 'audit' in entry && entry.audit);

it('shows what is held: why, how much, for whom, with samples', async () => {
  expect((await held([])).printed).toEqual([
    `${RULE_ID}  held since 2026-11-26T10:00:00.000Z: more than 2 firings in 1h`,
    '  5 effects for 5 leads',
    '  webhook → crm  5 effects',
    '  for example 123-ABC-456/1  webhook  {"body":"about 1"}',
    '  for example 123-ABC-456/2  webhook  {"body":"about 2"}',
    '  for example 123-ABC-456/3  webhook  {"body":"about 3"}',
  ]);
  expect((await held(['show', RULE_ID, '--leads'])).printed.slice(-5)).toEqual(
    namesFrom(1, 6).map((name) => `123-ABC-456/${name}`),
  );
  expect(JSON.parse((await held(['--json'])).printed.join(''))).toMatchObject([
    { ruleId: RULE_ID, effects: 5 },
  ]);
});

it('releases the first few, and then the rest', async () => {
  expect((await held(['release', RULE_ID, '--first', '2', '--yes'])).printed).toEqual([
    `2 effects released: ${RULE_ID} is still held.`,
  ]);
  expect(await waiting()).toBe(2);
  expect((await held(['release', RULE_ID, '--yes'])).printed).toEqual([
    `3 effects released: ${RULE_ID} may act again.`,
  ]);
  expect(await waiting()).toBe(5);
  expect((await held([])).printed).toEqual(['Nothing is held.']);
  expect(await audited()).toMatchObject([
    { what: 'held.released', target: RULE_ID, detail: '3 effects: more than 2 firings in 1h' },
    { what: 'held.released', target: RULE_ID, detail: '2 effects: more than 2 firings in 1h' },
  ]);
});

it('discards only when somebody says yes', async () => {
  await expect(held(['discard', RULE_ID])).rejects.toMatchObject({ code: 'cli.ask' });
  const questions: string[] = [];
  const no = (question: string) => Promise.resolve(questions.push(question) < 0);
  expect((await held(['discard', RULE_ID], no)).printed).toEqual(['Nothing was discarded.']);
  expect(questions).toEqual(['Throw away 5 effects for 5 leads? [y/N] ']);
  expect((await held(['discard', RULE_ID, '--yes'])).printed).toEqual([
    `5 effects discarded: ${RULE_ID} may act again.`,
  ]);
  expect(await waiting()).toBe(0);
  expect(await audited()).toMatchObject([{ what: 'held.discarded', target: RULE_ID }]);
  expect(await new EffectLedger(connections).get(effectFor('1').id)).toMatchObject({
    standing: 'suppressed',
    reason: expect.stringMatching(/^discarded by cli:/) as string,
  });
});

it('releases only when somebody says yes, who is told how much it is', async () => {
  await expect(held(['release', RULE_ID])).rejects.toMatchObject({
    code: 'cli.ask',
    message: 'Say --yes: Send 5 effects for 5 leads? Nobody is here to answer.',
  });
  const questions: string[] = [];
  const no = (question: string) => Promise.resolve(questions.push(question) < 0);
  expect((await held(['release', RULE_ID, '--first', '2'], no)).printed).toEqual(['Nothing was released.']);
  expect(questions).toEqual(['Send the first 2 of 5 effects for 5 leads? [y/N] ']);
  expect([await waiting(), await audited()]).toEqual([0, []]);
});

it('counts what it released, also what came while it asked', async () => {
  const meanwhile: Ask = async () => {
    await new HeldEffects(connections).add(firingsOf(HOLDING, namesFrom(6, 9)));
    return true;
  };
  expect((await held(['release', RULE_ID], meanwhile)).printed).toEqual([
    `8 effects released: ${RULE_ID} may act again.`,
  ]);
  expect(await waiting()).toBe(8);
});

it('says so when nothing is held of a rule, and which one there is', async () => {
  for (const args of [['show'], ['release'], ['discard', '--yes']])
    await expect(held([...args, 'leads/welcom'])).rejects.toMatchObject({
      code: 'held.none',
      message:
        'Nothing is held of a rule leads/welcom. There is no rule leads/welcom in force. Did you mean leads/welcome?',
    });
});
