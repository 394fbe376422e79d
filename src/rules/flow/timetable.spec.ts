import fc from 'fast-check';
import { CHANGES, wallAt } from '../../../test/support/wall-clock.js';
import { dueRuns, MOST_RUNS, nextRun, type Recurrence, runsWithin } from './timetable.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const at = (text: string): number => Date.parse(text);

/** One field of a cron line: `*`, or some values. */
type Field = readonly number[] | '*';
type Fields = readonly [minute: Field, hour: Field, weekday: Field];

const allows = (field: Field, value: number): boolean => field === '*' || field.includes(value);

/** Every minute is looked at, and a single time of day is treated as people expect of it. */
function naiveRuns([minutes, hours, weekdays]: Fields, timeZone: string, from: number, to: number): number[] {
  const isSingle = minutes.length === 1 && hours.length === 1 && minutes !== '*' && hours !== '*';
  const done = new Set<string>();
  const runs: number[] = [];
  for (let now = from - DAY; now <= to; now += MINUTE) {
    const wall = wallAt(now, timeZone);
    const before = wallAt(now - MINUTE, timeZone);
    const [minute, hour] = [Number(minutes[0]), Number(hours[0])];
    const single = hour * 60 + minute;
    // Where the clocks leap at midnight, the minute before belongs to the day before.
    const leaptFrom = before.date === wall.date ? before.minuteOfDay : -1;
    const leapt = leaptFrom < single && single < wall.minuteOfDay;
    const isTime = isSingle
      ? (wall.minuteOfDay === single || leapt) && !done.has(wall.date)
      : allows(minutes, wall.minute) && allows(hours, wall.hour);
    if (!isTime || !allows(weekdays, wall.weekday % 7)) continue;
    done.add(wall.date);
    if (now > from) runs.push(now);
  }
  return runs;
}

describe('the runs of a timetable', () => {
  it.each([
    ['30 2 * * *', '2026-03-29T00:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['30 2 * * *', '2026-10-25T00:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    ['*/30 2 * * *', '2026-03-29T00:30:00Z', '2026-03-30T00:00:00.000Z'],
    ['0 9 * * 1-5', '2026-11-27T08:00:00Z', '2026-11-30T08:00:00.000Z'],
    ['0 0 29 2 *', '2026-11-27T08:00:00Z', '2028-02-28T23:00:00.000Z'],
  ])('%s in Berlin: after %s comes %s', (cron, after, expected) => {
    const next = nextRun({ cron, timeZone: 'Europe/Berlin' }, at(after));
    expect(new Date(next ?? 0).toISOString()).toBe(expected);
  });

  it('end where there is none', () => {
    expect(nextRun({ cron: '0 0 30 2 *', timeZone: 'UTC' }, 0)).toBeUndefined();
    expect(runsWithin({ cron: '0 0 30 2 *', timeZone: 'UTC' }, 0, DAY)).toEqual([]);
  });

  it('are those after the beginning and until the end', () => {
    const hourly = { cron: '0 * * * *', timeZone: 'UTC' };
    const noon = at('2026-11-26T12:00:00Z');
    const hours = [13, 14].map((hour) => at(`2026-11-26T${hour}:00:00Z`));
    expect(runsWithin(hourly, noon, at('2026-11-26T14:00:00Z'))).toEqual(hours);
    expect(runsWithin(hourly, noon - 1, noon)).toEqual([noon]);
    expect(runsWithin(hourly, noon, noon)).toEqual([]);
    expect(runsWithin(hourly, noon + 1, noon)).toEqual([]);
  });

  it('are the latest thousand where there are more', () => {
    const end = at('2026-11-26T12:00:00Z');
    const runs = runsWithin({ cron: '* * * * *', timeZone: 'UTC' }, 0, end);
    expect(runs).toHaveLength(MOST_RUNS);
    expect([runs[0], runs.at(-1)]).toEqual([end - 999 * MINUTE, end]);
  });

  const values = (max: number) =>
    fc.oneof(
      fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 0, max }).map((value) => [value]),
    );
  const fields: fc.Arbitrary<Fields> = fc.tuple(
    values(59),
    fc.oneof(fc.constant('*' as const), values(23), values(3)),
    fc.oneof(fc.constant('*' as const), values(6)),
  );

  it('are what a minute-by-minute look at the clock says, in the days around a change of the clocks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHANGES),
        fields,
        fc.integer({ min: 1, max: 2 * 1440 }),
        ([timeZone, change], some, minutes) => {
          const recurrence: Recurrence = { cron: cronLine(some), timeZone };
          const [from, to] = [change - minutes * MINUTE, change + DAY];
          const expected = naiveRuns(some, timeZone, from, to);
          expect(runsWithin(recurrence, from, to)).toEqual(expected);
          expect(nextRun(recurrence, from)).toEqual(expected[0] ?? expect.anything());
        },
      ),
      { numRuns: 50 },
    );
  });
});

function cronLine(fields: Fields): string {
  const [minute, hour, weekday] = fields.map((field) => (field === '*' ? field : field.join(',')));
  return `${minute} ${hour} * * ${weekday}`;
}

describe('the runs that are told', () => {
  const now = at('2026-11-26T12:00:30Z');
  const [nine, ten, eleven, noon] = [9, 10, 11, 12].map(
    (hour) => at(`2026-11-26T00:00:00Z`) + hour * 60 * MINUTE,
  ) as [number, number, number, number];

  it.each([
    [
      'all',
      [nine, ten, noon],
      0,
      [
        [nine, 0],
        [ten, 0],
        [noon, 0],
      ],
      0,
    ],
    ['all', [nine], 3, [[nine, 3]], 0],
    ['last', [nine, ten, eleven], 0, [[eleven, 2]], 0],
    ['last', [nine, ten, noon], 1, [[noon, 3]], 0],
    ['skip', [nine, ten, noon], 0, [[noon, 2]], 0],
    ['skip', [nine, ten], 1, [], 3],
    ['skip', [], 3, [], 3],
    ['last', [], 0, [], 0],
  ] as const)('%s: of %j, after %d left out', (missed, runs, leftOut, told, after) => {
    expect(dueRuns(missed, runs, now, leftOut)).toEqual({
      told: told.map(([run, count]) => ({ at: run, missed: count })),
      leftOut: after,
    });
  });

  it('are all that are at most a minute late, whatever becomes of missed ones', () => {
    const runs = [now - 60_001, now - 60_000, now];
    const told = (missed: 'skip' | 'last') => dueRuns(missed, runs, now, 0).told.map((run) => run.at);
    expect([told('skip'), told('last')]).toEqual([runs.slice(1), runs.slice(1)]);
  });

  it('and those that are left out are together all that there were', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('skip' as const, 'last' as const, 'all' as const),
        fc.uniqueArray(fc.integer({ min: 0, max: 200_000 }), { maxLength: 20 }),
        fc.nat(10),
        (missed, ages, leftOut) => {
          const runs = ages.map((age) => now - age).sort((a, b) => a - b);
          const due = dueRuns(missed, runs, now, leftOut);
          const count = due.told.reduce((sum, run) => sum + 1 + run.missed, due.leftOut);
          expect(count).toBe(leftOut + runs.length);
          expect(runs.slice(runs.length - due.told.length)).toEqual(due.told.map((run) => run.at));
        },
      ),
    );
  });
});
