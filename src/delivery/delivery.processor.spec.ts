import 'reflect-metadata';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { JournalEntry } from '../journal/journal-entry.js';
import type { Journal } from '../journal/journal.js';
import { Metrics } from '../observability/metrics.js';
import { Bulkhead } from './bulkhead.js';
import type { Deliverer } from './deliverer.js';
import { DeliveryProcessor } from './delivery.processor.js';

const EFFECT = {
  v: 1,
  id: `e${'0'.repeat(32)}`,
  type: 'slack',
  to: 'ops',
  params: { text: 'hello' },
  guarantee: 'at-most-once',
  ruleId: 'leads/x',
  ruleVersion: 'abc',
  eventId: 'event 1',
  actionIndex: 0,
  decidedAt: '2026-01-01T00:00:00.000Z',
};

it('says in the log which effect may or may not have happened', async () => {
  const written: JournalEntry[] = [];
  const reason = 'the worker stopped while it was sending';
  const deliverer = { deliver: () => Promise.resolve({ outcome: 'unknown', reason }) };
  const journal = {
    append: (entries: JournalEntry[]) => {
      written.push(...entries);
      return Promise.resolve();
    },
  };
  const processor = new DeliveryProcessor(
    deliverer as unknown as Deliverer,
    new Bulkhead(),
    journal as unknown as Journal,
    new Metrics(),
  );
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  await processor.process({ id: EFFECT.id, data: EFFECT, opts: {}, attemptsMade: 0 } as unknown as Job);
  const lines = warn.mock.calls.map(([line]) => line as unknown);
  warn.mockRestore();
  expect(lines).toEqual([{ event: 'effect.unknown', effect: EFFECT.id, rule: 'leads/x', to: 'ops', reason }]);
  expect(written).toMatchObject([{ kind: 'effect', record: { outcome: 'unknown' } }]);
});
