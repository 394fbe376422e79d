import type { Queue } from 'bullmq';
import type { Effect } from '../contracts/effect.js';
import { ActionsQueue } from './actions-queue.js';

function effects(count: number): Effect[] {
  return Array.from({ length: count }, (_, i) => ({
    v: 1,
    id: `e${String(i).padStart(32, '0')}`,
    type: 'webhook',
    to: 'receiver',
    params: {},
    guarantee: 'at-least-once',
    ruleId: 'leads/x',
    ruleVersion: 'abc',
    eventId: `event ${i}`,
    actionIndex: 0,
    origin: { hour: '2026-05-04T10', source: 'a-source', stream: 'lead-activity' },
    decidedAt: '2026-01-01T00:00:00.000Z',
  }));
}

describe('ActionsQueue', () => {
  const adds: { opts: { jobId: string } }[][] = [];
  const queue = new ActionsQueue({
    addBulk: (jobs: { opts: { jobId: string } }[]) => Promise.resolve(adds.push(jobs)),
  } as unknown as Queue);
  beforeEach(() => (adds.length = 0));

  it('takes what an enormous delivery comes to in pieces, all of it and in order', async () => {
    const many = effects(1_234);
    await queue.addAll(many);
    expect(Math.max(...adds.map(({ length }) => length))).toBeLessThanOrEqual(500);
    expect(adds.flat().map(({ opts }) => opts.jobId)).toEqual(many.map(({ id }) => id));
  });

  it('asks nothing of Redis for nothing', async () => {
    await queue.addAll([]);
    expect(adds).toEqual([]);
  });
});
