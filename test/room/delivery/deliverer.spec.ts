import { jest } from '@jest/globals';
import { systemClock } from '../../../src/contracts/clock.js';
import type { Connections } from '../../../src/contracts/connections.js';
import type { Effect, Guarantee } from '../../../src/contracts/effect.js';
import { Deliverer } from '../../../src/delivery/deliverer.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { Gate } from '../../../src/delivery/gate/gate.js';
import type { LaneNews } from '../../../src/delivery/gate/lane-news.js';
import { ExclusiveTurns } from '../../../src/delivery/exclusive-turns.js';
import { Sender } from '../../../src/delivery/sender.js';
import { WriteNotes } from '../../../src/delivery/write-notes.js';
import { RETRY_JITTER, RETRY_PAUSES_MS } from '../../../src/queues/retry-schedule.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { Locks } from '../../../src/state/locks.js';
import { OwnWrites } from '../../../src/state/own-writes.js';
import { eventually } from '../../support/eventually.js';
import { openActions } from '../../support/open-actions.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { someEffect } from './some-effect.js';

describe('Deliverer', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let sandbox: Sandbox;
  const { actions, close } = openActions(systemClock);
  let ledger: EffectLedger;
  let sender: Sender;
  let deliverer: Deliverer;
  const news: string[] = [];

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    sandbox = await startSandbox();
    ledger = new EffectLedger(connections);
    sender = new Sender(
      ledger,
      new ExclusiveTurns(new Locks(connections)),
      new WriteNotes(new OwnWrites(connections)),
    );
    const tell: LaneNews['changed'] = (destination) => {
      news.push(destination);
      return Promise.resolve();
    };
    deliverer = new Deliverer(
      actions,
      ledger,
      sender,
      new Gate(quickly(sandbox.connections), { changed: tell }),
    );
  });
  afterAll(async () => {
    await close();
    await sandbox.close();
    await connections.close();
    await redis.stop();
  });
  beforeEach(() => {
    for (const part of [sandbox.slack, sandbox.receiver, sandbox.marketo]) part.clear();
    news.length = 0;
  });
  // What one test makes a destination do is not the next one's.
  afterEach(async () => {
    await connections.forWorkers().flushall();
  });

  function effect(type: string, to: string, params: Effect['params'], guarantee?: Guarantee): Effect {
    return someEffect({ type, to, params, ...(guarantee === undefined ? {} : { guarantee }) });
  }
  const slack = (guarantee?: Guarantee): Effect => effect('slack', 'ops', { text: 'Hello' }, guarantee);
  const webhook = (): Effect => effect('webhook', 'receiver', { body: { lead: '7' } });
  const points = (change: number): Effect =>
    effect('marketo.changeScore', 'marketo', { lead: 7, field: 'leadScore', change });

  it('sends an effect once, however often its job runs', async () => {
    const one = webhook();
    expect((await deliverer.deliver(one, false)).outcome).toBe('done');
    expect((await deliverer.deliver(one, false)).outcome).toBe('repeated');
    expect(sandbox.receiver.unique()).toEqual([expect.objectContaining({ id: one.id, count: 1 })]);
  });

  it('sends once when two workers have the same job', async () => {
    const one = webhook();
    sandbox.receiver.failNext({ delayMs: 100 });
    const outcomes = await Promise.allSettled([deliverer.deliver(one, false), deliverer.deliver(one, false)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'effect.busy', retry: { kind: 'at' } },
    });
    expect(sandbox.receiver.all()).toHaveLength(1);
  });

  it('does not ask again at once for an effect that is under way, whatever its lease says', async () => {
    const one = webhook();
    await ledger.claim(one, { token: 'another', leaseMs: 300 });
    const asked = Date.now();
    const refused: unknown = await deliverer.deliver(one, false).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'effect.busy', retry: { kind: 'at' }, postponed: true });
    const { retry } = refused as { readonly retry: { readonly at: number } };
    expect(retry.at).toBeGreaterThanOrEqual(asked + 1_000);
  });

  it('sends again after a failure that cannot have reached the target', async () => {
    const one = slack('at-most-once');
    sandbox.slack.failNext({ httpStatus: 503 });
    await expect(deliverer.deliver(one, false)).rejects.toMatchObject({ code: 'http.503' });
    expect((await deliverer.deliver(one, false)).outcome).toBe('done');
    expect(sandbox.slack.messages.size).toBe(1);
  });

  it('leaves an attempt alone that may have reached a target which takes repeats for new', async () => {
    const one = slack('at-most-once');
    sandbox.slack.failNext({ reset: true, afterEffect: true });
    expect(await deliverer.deliver(one, false)).toMatchObject({ outcome: 'unknown' });
    expect(await deliverer.deliver(one, false)).toMatchObject({ outcome: 'unknown' });
    expect(sandbox.slack.messages.size).toBe(1);
  });

  it('repeats such an attempt where a duplicate is better than a loss', async () => {
    const one = slack('at-least-once');
    sandbox.slack.failNext({ reset: true, afterEffect: true });
    await expect(deliverer.deliver(one, false)).rejects.toMatchObject({ outcomeUnknown: true });
    expect((await deliverer.deliver(one, false)).outcome).toBe('done');
    expect(sandbox.slack.messages.size).toBe(2);
  });

  it.each([
    ['at-most-once', 'unknown', 0],
    ['at-least-once', 'done', 1],
  ] as const)('after a worker that died while sending, %s ends as %s', async (guarantee, outcome, sent) => {
    const one = slack(guarantee);
    await ledger.claim(one, { token: 'a worker that died', leaseMs: 1 });
    const delivered = await eventually(() => deliverer.deliver(one, false));
    expect(delivered.outcome).toBe(outcome);
    expect(sandbox.slack.messages.size).toBe(sent);
  });

  it('adds points once, also when the answer to the write was lost', async () => {
    sandbox.marketo.instance.setLead(7, { leadScore: 40 });
    const one = points(10);
    sandbox.marketo.failNext({ method: 'POST', path: '/rest/v1/leads.json', reset: true, afterEffect: true });
    await expect(deliverer.deliver(one, false)).rejects.toMatchObject({ outcomeUnknown: true });
    expect((await deliverer.deliver(one, false)).outcome).toBe('done');
    expect(sandbox.marketo.instance.lead(7)).toMatchObject({ leadScore: 50 });
  });

  it('does not lose points that were added between a refused write and its repeat', async () => {
    sandbox.marketo.instance.setLead(7, { leadScore: 40 });
    const [ten, five] = [points(10), points(5)];
    sandbox.marketo.failNext({ method: 'POST', path: '/rest/v1/leads.json', code: '608' });
    await expect(deliverer.deliver(ten, false)).rejects.toMatchObject({ code: 'marketo.608' });
    await deliverer.deliver(five, false);
    await deliverer.deliver(ten, false);
    expect(sandbox.marketo.instance.lead(7)).toMatchObject({ leadScore: 55 });
  });

  it('lets no other change of a score read a value that may be old or new', async () => {
    sandbox.marketo.instance.setLead(7, { leadScore: 40 });
    const [ten, five] = [points(10), points(5)];
    sandbox.marketo.failNext({ method: 'POST', path: '/rest/v1/leads.json', reset: true, afterEffect: true });
    await expect(deliverer.deliver(ten, false)).rejects.toMatchObject({ outcomeUnknown: true });
    await expect(deliverer.deliver(five, false)).rejects.toMatchObject({ code: 'effect.exclusive' });
    const raw = connections.forWorkers();
    const [turn = ''] = await raw.keys('*:lock:*');
    // The repeat writes what was planned, so it must come before the turn is over.
    expect(await raw.pttl(turn)).toBeGreaterThan(Math.max(...RETRY_PAUSES_MS) * (1 + RETRY_JITTER));
    await deliverer.deliver(ten, false);
    await deliverer.deliver(five, false);
    expect(sandbox.marketo.instance.lead(7)).toMatchObject({ leadScore: 55 });
  });

  it('lets one change of a score at a time through', async () => {
    sandbox.marketo.instance.setLead(7, { leadScore: 0 });
    const effects = Array.from({ length: 8 }, () => points(1));
    await Promise.all(
      effects.map((one) => eventually(async () => (await deliverer.deliver(one, false)).outcome === 'done')),
    );
    expect(sandbox.marketo.instance.lead(7)).toMatchObject({ leadScore: 8 });
  });

  it('keeps what was sent and answered, of every attempt', async () => {
    const one = webhook();
    sandbox.receiver.failNext({ httpStatus: 500, body: 'on fire' });
    await expect(deliverer.deliver(one, false)).rejects.toMatchObject({ code: 'http.500' });
    await deliverer.deliver(one, false);
    const { log = [], attempts } = (await ledger.get(one.id)) ?? {};
    const request = { method: 'POST', body: '{"lead":"7"}' };
    expect(attempts).toBe(2);
    expect(log).toMatchObject([
      {
        outcome: 'failed',
        reason: expect.stringMatching(/^http\.500: /) as string,
        request,
        answer: { status: 500, text: 'on fire' },
      },
      { outcome: 'done', request, answer: { status: 200 } },
    ]);
    expect(JSON.stringify(log)).not.toContain('v1,');
  });

  it('holds the lane of a destination that is down, tries it with one effect, and says when it is well', async () => {
    sandbox.receiver.failNext({ httpStatus: 500, times: 5 });
    for (let i = 0; i < 5; i += 1)
      await expect(deliverer.deliver(webhook(), false)).rejects.toMatchObject({ code: 'http.500' });
    const held = { code: 'lane.open', postponed: true, retry: { kind: 'lane' } };
    await expect(deliverer.deliver(webhook(), false)).rejects.toMatchObject(held);
    expect(sandbox.receiver.all()).toHaveLength(0);
    expect((await deliverer.deliver(slack(), false)).outcome).toBe('done');
    const later = Date.now() + 600_000;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => later);
    expect((await deliverer.deliver(webhook(), false)).outcome).toBe('done');
    clock.mockRestore();
    expect(news).toEqual(['receiver', 'receiver']);
  });

  it('leaves a destination alone for as long as it asked, with everything that goes there', async () => {
    sandbox.receiver.failNext({ httpStatus: 429, headers: { 'retry-after': '60' } });
    const asked = { code: 'http.429', postponed: false, retry: { kind: 'lane' } };
    await expect(deliverer.deliver(webhook(), false)).rejects.toMatchObject(asked);
    await expect(deliverer.deliver(webhook(), false)).rejects.toMatchObject({
      code: 'lane.asked',
      postponed: true,
    });
    expect(sandbox.receiver.requests.size).toBe(1);
    expect(news).toEqual([]);
  });

  it('puts effects off that come quicker than the pace of their lane', async () => {
    const gate = new Gate(sandbox.connections);
    const strict = new Deliverer(actions, ledger, sender, gate);
    expect((await strict.deliver(slack(), false)).outcome).toBe('done');
    const held = { code: 'lane.pace', postponed: true, retry: { kind: 'lane' } };
    await expect(strict.deliver(slack(), false)).rejects.toMatchObject(held);
    const second = slack();
    await eventually(() => strict.deliver(second, false));
    expect(sandbox.slack.messages.size).toBe(2);
  });

  it('gives up at once on a connection that is gone', async () => {
    await expect(deliverer.deliver({ ...webhook(), to: 'nowhere' }, false)).rejects.toMatchObject({
      code: 'connection.missing',
      retry: { kind: 'never' },
    });
  });
});

/** Slack's own pace is for tests of it. */
function quickly({ sources, destinations }: Connections): Connections {
  const { ops, ...others } = destinations;
  return {
    sources,
    destinations:
      ops?.kind === 'slack'
        ? { ...others, ops: { ...ops, lane: { pace: { everyMs: 1, burst: 100 } } } }
        : others,
  };
}
