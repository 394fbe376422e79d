import type { MarketoDestination } from '../../contracts/connections.js';
import { figuresOf, readUsage } from './usage-figures.js';

const WITHOUT_LIMIT = { munchkinId: '123-ABC-456' } as MarketoDestination;
const INSTANCE = { ...WITHOUT_LIMIT, dailyCalls: 50_000 };

describe('the figures of usage', () => {
  it('are those that Marketo tells, who called most first', () => {
    const counted = readUsage([
      {
        date: '2026-05-04',
        total: 3_000,
        users: [
          { userId: 'crm@acme.example', count: 1_000 },
          { userId: 'sync@acme.example', count: 2_000 },
        ],
      },
    ]);
    expect(counted.date).toBe('2026-05-04');
    const sync = { userId: 'sync@acme.example', count: 2_000, percent: 66.7 };
    expect(figuresOf(INSTANCE, counted, 51_000)).toEqual({
      munchkinId: '123-ABC-456',
      used: 3_000,
      limit: 50_000,
      percent: 6,
      forecastAtMidnight: 51_000,
      forecastPercent: 102,
      topUser: sync,
      users: [sync, { userId: 'crm@acme.example', count: 1_000, percent: 33.3 }],
    });
  });

  it('have no percentage of a limit that nobody told', () => {
    const figures = figuresOf(WITHOUT_LIMIT, readUsage([{ total: 7, users: [] }]), 9);
    expect(figures).toEqual({ munchkinId: '123-ABC-456', used: 7, forecastAtMidnight: 9, users: [] });
  });

  it.each([
    ['nothing', [], 0],
    [
      'a day without a total',
      [
        {
          users: [
            { userId: 'a', count: 3 },
            { userId: 'b', count: 4 },
          ],
        },
      ],
      7,
    ],
    ['a total that is text', [{ total: '12' }], 12],
    ['what is no count', [{ total: 'many', users: 'all' }], 0],
  ])('can be read from %s', (_what, rows, used) => {
    expect(readUsage(rows).used).toBe(used);
  });

  it('name fifty users at most', () => {
    const users = Array.from({ length: 60 }, (_, index) => ({ userId: `u${index}`, count: index }));
    const figures = figuresOf(INSTANCE, readUsage([{ users }]), 0);
    expect(figures.users).toHaveLength(50);
    expect(figures.topUser?.userId).toBe('u59');
  });
});
