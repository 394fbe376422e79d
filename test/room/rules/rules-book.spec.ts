import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Journal } from '../../../src/journal/journal.js';
import { Metrics } from '../../../src/observability/metrics.js';
import type { Judgement } from '../../../src/rules/judge.js';
import { RulesBook } from '../../../src/rules/rules-book.js';
import { useRedis } from '../../support/use-redis.js';

const redis = useRedis();

function fired(eventId: string): Judgement['decisions'][number] {
  return { eventId, ruleId: 'leads/x', ruleVersion: 'abc', outcome: 'fired', effects: ['e1'] };
}

it('writes a decision down once and counts its repeats apart', async () => {
  const journal = new Journal(redis.connections);
  const metrics = new Metrics();
  const book = new RulesBook(journal, metrics);
  const receivedAt = '2026-01-01T00:00:00.000Z';
  const unreadable = [{ source: 'crm', receivedAt, at: '1', reason: 'not an event', raw: '7' }];
  const contents = { fresh: [], history: [], duplicates: [], unreadable };
  await book.record(contents, { decisions: [fired('1'), fired('2')], effects: [], held: [] });
  await book.record(contents, { decisions: [fired('3'), fired('1')], effects: [], held: [] });
  const counted = await metrics.registry.getSingleMetricAsString('signalman_decisions_total');
  expect(counted).toContain('{rule="leads/x",outcome="fired"} 3');
  expect(counted).toContain('{rule="leads/x",outcome="repeated"} 1');
  expect(await journal.latest('decision', 10)).toHaveLength(3);
  expect(await journal.latest('unreadable', 10)).toHaveLength(2);
});

it('tells of a rule that should have acted and could not', async () => {
  const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  const failed = {
    ...fired('9'),
    outcome: 'failed' as const,
    reason: 'Action 1 (slack): too long',
    effects: [],
  };
  await new RulesBook(new Journal(redis.connections), new Metrics()).recordDecisions([fired('8'), failed]);
  const line = { event: 'decision.failed', rule: 'leads/x', eventId: '9', reason: failed.reason };
  expect(warned.mock.calls).toEqual([[line]]);
  warned.mockRestore();
});
