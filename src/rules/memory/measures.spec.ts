import { encodeEntries, noteValue, type Noted } from './log-records.js';
import { measure } from './measures.js';
import { SeriesLog } from './series-log.js';
import { STATEFUL_FACTS, type Measure } from './stateful-facts.js';

const question = (fact: Measure, withinMs = 10, windows = 7): Parameters<typeof measure>[0] => ({
  measure: fact,
  withinMs,
  windows,
});

function logFor(fact: Measure, notes: readonly (readonly [time: number, raw?: unknown])[]): SeriesLog {
  const { keeps } = STATEFUL_FACTS[fact];
  const log = SeriesLog.decode(keeps, undefined);
  for (const [time, raw] of notes) log.note(time, noteValue(keeps, raw));
  return log;
}

describe('a log without an event', () => {
  it.each<[Measure, unknown]>([
    ['count', 0],
    ['distinct', 0],
    ['sum', 0],
    ['min', undefined],
    ['max', undefined],
    ['avg', undefined],
    ['previous', undefined],
    ['changed', false],
    ['firstSeen', true],
    ['sinceLast', undefined],
    ['spike', undefined],
  ])('%s is %j', (fact, expected) => {
    const value: Noted | undefined = noteValue(STATEFUL_FACTS[fact].keeps, 'CA');
    expect(measure(question(fact), logFor(fact, []), { time: 100, value })).toBe(expected);
  });
});

describe('a window', () => {
  it('reaches from its length before the event, exclusive, to the event, inclusive', () => {
    const log = logFor('count', [[90], [91], [100], [101]]);
    expect(measure(question('count'), log, { time: 100 })).toBe(2);
  });

  it('ends what previous, changed, firstSeen and sinceLast look back to', () => {
    const asking = { time: 100, value: noteValue('values', 'NY') };
    expect(measure(question('previous'), logFor('previous', [[90, 'CA']]), asking)).toBeUndefined();
    expect(measure(question('previous'), logFor('previous', [[91, 'CA']]), asking)).toBe('CA');
    expect(measure(question('changed'), logFor('changed', [[90, 'CA']]), asking)).toBe(false);
    expect(measure(question('changed'), logFor('changed', [[91, 'CA']]), asking)).toBe(true);
    expect(measure(question('sinceLast'), logFor('sinceLast', [[90]]), asking)).toBeUndefined();
    expect(measure(question('sinceLast'), logFor('sinceLast', [[91]]), asking)).toBe(0.009);
    const value = noteValue('hashes', 'CA');
    expect(measure(question('firstSeen'), logFor('firstSeen', [[90, 'CA']]), { time: 100, value })).toBe(
      true,
    );
    expect(measure(question('firstSeen'), logFor('firstSeen', [[91, 'CA']]), { time: 100, value })).toBe(
      false,
    );
  });
});

describe('the event itself', () => {
  it('is no previous one of itself, but another of the same moment is', () => {
    const log = logFor('previous', [[100, 'CA']]);
    const own = log.note(100, noteValue('values', 'NY'));
    expect(measure(question('previous'), log, { time: 100, own })).toBe('CA');
    expect(measure(question('changed'), log, { time: 100, own, value: own.value })).toBe(true);
  });

  it('has no first value when it has none', () => {
    expect(measure(question('firstSeen'), logFor('firstSeen', [[99, 'CA']]), { time: 100 })).toBeUndefined();
  });
});

describe('previous and changed', () => {
  it.each([['CA'], [7], [false], [['a', 1]], [{ a: null }], [null], ['']])(
    'give back %j as it was',
    (value) => {
      expect(measure(question('previous'), logFor('previous', [[99, value]]), { time: 100 })).toEqual(value);
    },
  );

  it.each<[unknown, unknown, boolean]>([
    ['CA', 'CA', false],
    ['CA', undefined, true],
    [undefined, null, false],
    [7, '7', true],
    [['a'], ['a'], false],
    ['x'.repeat(300), 'x'.repeat(300), false],
    ['x'.repeat(300), `${'x'.repeat(299)}y`, true],
  ])('from %j to %j: %s', (before, after, expected) => {
    const value = noteValue('values', after);
    expect(measure(question('changed'), logFor('changed', [[99, before]]), { time: 100, value })).toBe(
      expected,
    );
  });

  it('give nothing of a value that cannot be read', () => {
    const cut = encodeEntries('values', [{ time: 99, count: 1, value: '"CA' }]);
    expect(measure(question('previous'), SeriesLog.decode('values', cut), { time: 100 })).toBeUndefined();
  });
});

describe('spike', () => {
  const H = 3_600_000;
  const spikeOf = (times: readonly number[], windows: number, until = 100 * H): unknown =>
    measure(
      question('spike', H, windows),
      logFor(
        'spike',
        times.map((time) => [time * H]),
      ),
      { time: until },
    );

  it('compares with the rate of all windows before, those without an event too', () => {
    // Two in the window before, none in the one before that, four in the current one; something came earlier.
    const times = [97, 98.5, 99, 99.2, 99.4, 99.6, 100];
    expect(spikeOf(times, 2)).toBe(4);
    expect(spikeOf(times, 1)).toBe(2);
  });

  it('compares with the rate since the first event that is known, when it lies within those windows', () => {
    // Three within the two hours and a half before the current window, two in it.
    expect(spikeOf([96.5, 97, 98, 99.5, 100], 7)).toBe(2 / (3 / 2.5));
    expect(spikeOf([96.5, 97, 98, 99.5, 100], 2)).toBe(2 / (1 / 2));
  });

  it('is missing until the first event lies a whole window before the current one', () => {
    expect(spikeOf([98.001, 99, 99.5, 100], 7)).toBeUndefined();
    expect(spikeOf([98, 99, 99.5, 100], 7)).toBe(1);
    expect(spikeOf([99.5, 100], 7)).toBeUndefined();
    expect(spikeOf([], 7)).toBeUndefined();
  });

  it('is missing while nothing lies in the windows before', () => {
    expect(spikeOf([91, 99.5, 100], 7)).toBeUndefined();
    expect(spikeOf([92, 99.5, 100], 7)).toBeUndefined();
    expect(spikeOf([92.5, 99.5, 100], 7)).toBe(2 * 6.5);
  });

  it('takes a stream that was silent for twice all windows for a new one', () => {
    expect(spikeOf([97.5, 98.5, 99.5, 100], 2)).toBe(2 / (1 / 1.5 + 1 / 1.5));
    expect(spikeOf([94, 97.5, 98.5, 99.5, 100], 2)).toBe(2 / (1 / 1.5 + 1 / 1.5));
    expect(spikeOf([94.001, 97.5, 98.5, 99.5, 100], 2)).toBe(2);
  });
});

it('has 0 for a time before 1970', () => {
  const log = logFor('count', [[-5], [-3]]);
  expect(measure(question('count'), log, { time: -3 })).toBe(2);
});
