import fc from 'fast-check';
import {
  encodeNote,
  noteValue,
  type Noted,
  type SeriesEntry,
} from '../../../src/rules/memory/log-records.js';
import { measure } from '../../../src/rules/memory/measures.js';
import { retentionMs } from '../../../src/rules/memory/retention.js';
import { SeriesLog } from '../../../src/rules/memory/series-log.js';
import { horizonMs } from '../../../src/rules/memory/series-params.js';
import { STATEFUL_FACTS, type Keeps, type Measure } from '../../../src/rules/memory/stateful-facts.js';
import { naiveMeasure, type PlainNote } from './naive.js';

const MINUTE = 60_000;
const START = Date.parse('2026-01-31T09:00:00.000Z');

/** Values that differ, that are the same in another spelling, and that are none. */
const VALUES: Readonly<Record<Keeps, fc.Arbitrary<unknown>>> = {
  times: fc.constant(undefined),
  numbers: fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom('+10', '3.5', 'none', '12 %')),
  hashes: fc.constantFrom('CA', 'NY', 7, '7', true, ['CA'], null, undefined, ''),
  values: fc.constantFrom('CA', 'NY', 7, '7', false, ['CA'], { a: 1 }, null, undefined, '', 'x'.repeat(201)),
};

const measures = Object.keys(STATEFUL_FACTS) as Measure[];

function keepsOf(fact: Measure): Keeps {
  return STATEFUL_FACTS[fact].keeps;
}

/** Events of one key, in the order in which they come: often of the same millisecond, often late. */
function notesOf(fact: Measure, spanMs: number, maxLength: number): fc.Arbitrary<PlainNote[]> {
  const time = fc.oneof(
    fc.integer({ min: 0, max: spanMs }),
    fc.integer({ min: 0, max: 4 }).map((n) => (n * spanMs) / 4),
  );
  const note = fc.record({ time: time.map((ms) => START + Math.floor(ms)), value: VALUES[keepsOf(fact)] });
  return fc.array(note, { maxLength });
}

/** What a text of more than 200 characters is remembered as is tested with the records. */
function shortened(answer: unknown): unknown {
  return typeof answer === 'string' && answer.length > 40 ? answer.slice(0, 40) : answer;
}

/** A log as a worker has it: bytes of what was noted before its batch, and what the batch notes. */
class Bytes {
  bytes = Buffer.alloc(0);

  constructor(private readonly keeps: Keeps) {}

  append({ time, value }: PlainNote): void {
    const noted = noteValue(this.keeps, value);
    if (this.keeps === 'times' || noted !== undefined)
      this.bytes = Buffer.concat([this.bytes, encodeNote(this.keeps, time, noted)]);
  }

  compact(horizon: number, capacity?: number): void {
    this.bytes = Buffer.from(this.log.compacted(horizon, capacity) ?? this.bytes);
  }

  get log(): SeriesLog {
    return SeriesLog.decode(this.keeps, this.bytes);
  }
}

/** Notes the event when it is one of the series, and asks at it. */
function noteAndAsk(
  question: { measure: Measure; withinMs: number; windows: number },
  log: SeriesLog,
  { time, value }: PlainNote,
  isOfSeries = true,
): unknown {
  const noted = noteValue(log.keeps, value);
  const isNoted = isOfSeries && (log.keeps === 'times' || noted !== undefined);
  const own = isNoted ? log.note(time, noted) : undefined;
  return measure(question, log, { time, own, value: noted });
}

/** The last entry that an event of that time and value can be. */
function entryOf(log: SeriesLog, time: number, value?: Noted): SeriesEntry | undefined {
  return log.entries.findLast((entry) => entry.time === time && entry.value === value);
}

describe.each(measures)('%s', (fact) => {
  const withinMs = fc.integer({ min: 1, max: 90 * MINUTE });
  const windows = fc.integer({ min: 1, max: 4 });

  it('is what a plain list of all events says, wherever the log ends and the batch begins', () => {
    const notes = notesOf(fact, 120 * MINUTE, 30);
    const stranger = notesOf(fact, 120 * MINUTE, 1);
    fc.assert(
      fc.property(notes, fc.nat(30), withinMs, windows, stranger, (all, split, within, count, others) => {
        const question = { measure: fact, withinMs: within, windows: count };
        const store = new Bytes(keepsOf(fact));
        all.slice(0, split).forEach((note) => {
          store.append(note);
        });
        const { log } = store;
        all.slice(split).forEach((note, index) => {
          const sofar = all.slice(0, split + index + 1);
          expect(shortened(noteAndAsk(question, log, note))).toEqual(
            shortened(naiveMeasure(question, sofar, note)),
          );
        });
        for (const other of others)
          expect(shortened(noteAndAsk(question, log, other, false))).toEqual(
            shortened(naiveMeasure(question, all, other)),
          );
      }),
      { numRuns: 200 },
    );
  });

  it('stays so when the log is compacted at any moment, for events as late as the horizon or an hour', () => {
    // No more than a log of values keeps; long enough for most to be too old at the end.
    const notes = notesOf(fact, 600 * MINUTE, 16);
    fc.assert(
      fc.property(notes, withinMs, windows, fc.nat(0xffff), (all, within, count, compactions) => {
        const question = { measure: fact, withinMs: within, windows: count };
        const horizon = horizonMs(question);
        const store = new Bytes(keepsOf(fact));
        let newest = 0;
        all.forEach((note, index) => {
          newest = Math.max(newest, note.time);
          const sofar = all.slice(0, index + 1);
          // For how long a stream is known is told by what no other question reaches back to.
          const lateness = fact === 'spike' ? 0 : retentionMs(horizon) - horizon;
          if (note.time >= newest - lateness)
            expect(shortened(noteAndAsk(question, store.log, note))).toEqual(
              shortened(naiveMeasure(question, sofar, note)),
            );
          store.append(note);
          if ((compactions >> index) % 2 === 1) store.compact(horizon);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('sum and avg', () => {
  it('are the same to the last bit in whatever order the events came', () => {
    const note = fc.record({
      time: fc.integer({ min: 0, max: 5 }),
      value: fc.double({ noNaN: true, min: -1, max: 1 }),
    });
    const orders = fc
      .array(note, { minLength: 2, maxLength: 12 })
      .chain((notes) =>
        fc.tuple(
          fc.constant(notes),
          fc.shuffledSubarray(notes, { minLength: notes.length, maxLength: notes.length }),
        ),
      );
    fc.assert(
      fc.property(orders, fc.nat(12), fc.constantFrom('sum', 'avg'), ([one, other], split, fact) => {
        const answers = [one, other].map((notes) => {
          const store = new Bytes('numbers');
          notes.slice(0, split).forEach((each) => {
            store.append(each);
          });
          const { log } = store;
          for (const { time, value } of notes.slice(split)) log.note(time, value);
          return measure({ measure: fact, withinMs: 100, windows: 1 }, log, { time: 5 });
        });
        expect(answers[0]).toBe(answers[1]);
      }),
    );
  });
});

describe('distinct', () => {
  it('counts no further than 512', () => {
    const log = SeriesLog.decode('hashes', undefined);
    for (let value = 0; value < 600; value += 1) log.note(START + value, noteValue('hashes', value));
    const question = { measure: 'distinct', withinMs: MINUTE, windows: 1 } as const;
    expect(measure(question, log, { time: START + 511 })).toBe(512);
    expect(measure(question, log, { time: START + 510 })).toBe(511);
    expect(measure(question, log, { time: START + 599 })).toBe(512);
  });
});

describe('a log above its capacity', () => {
  const CAPACITY = 16;
  const WITHIN = 90 * MINUTE;
  const CELL = WITHIN / (CAPACITY / 2 - 1);
  const LATENESS = 90 * MINUTE;

  /** Events that come mostly in order, some of them late. */
  const stream = fc
    .array(
      fc.record({ step: fc.integer({ min: 0, max: 10 * MINUTE }), late: fc.boolean(), by: fc.nat(LATENESS) }),
      {
        minLength: 30,
        maxLength: 80,
      },
    )
    .map((steps) => {
      let newest = START;
      return steps.map(({ step, late, by }) => {
        newest += step;
        return { newest, time: late ? newest - by : newest };
      });
    });

  function forEachAsked(
    keeps: Keeps,
    events: readonly { readonly time: number; readonly newest: number }[],
    valueOf: (index: number) => unknown,
    check: (log: SeriesLog, asking: PlainNote, all: readonly PlainNote[], isLate: boolean) => void,
  ): void {
    const store = new Bytes(keeps);
    const all: PlainNote[] = [];
    events.forEach(({ time, newest }, index) => {
      const note = { time, value: valueOf(index) };
      all.push(note);
      store.append(note);
      check(store.log, note, all, time < newest);
      if (store.log.entries.length > 2 * CAPACITY) store.compact(WITHIN, CAPACITY);
    });
    store.compact(WITHIN, CAPACITY);
    expect(store.log.entries.length).toBeLessThanOrEqual(CAPACITY);
  }

  it('counts, sums and finds extremes right but for events less than a cell from the edges of the window', () => {
    fc.assert(
      fc.property(stream, fc.integer({ min: MINUTE, max: WITHIN }), (events, withinMs) => {
        forEachAsked(
          'numbers',
          events,
          (index) => 1 + (index % 7),
          (log, { time }, all, isLate) => {
            const lying = (after: number, until: number): number[] =>
              all.filter((note) => note.time > after && note.time <= until).map(({ value }) => Number(value));
            const atLeast = lying(time - withinMs, isLate ? time - CELL : time);
            const atMost = lying(time - withinMs - CELL, time);
            const ask = (fact: Measure): number =>
              measure({ measure: fact, withinMs, windows: 1 }, log, { time }) as number;
            const sumOf = (numbers: readonly number[]): number =>
              numbers.reduce((sum, each) => sum + each, 0);
            const ordered = (...numbers: readonly number[]): void => {
              expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
            };
            ordered(atLeast.length, ask('count'), atMost.length);
            ordered(sumOf(atLeast), ask('sum'), sumOf(atMost));
            if (atLeast.length === 0) return;
            ordered(Math.max(...atLeast), ask('max'), Math.max(...atMost));
            ordered(Math.min(...atMost), ask('min'), Math.min(...atLeast));
          },
        );
      }),
      { numRuns: 40 },
    );
  });

  it('tells how long the last event is ago, of a late one perhaps by the last that is a cell before it', () => {
    fc.assert(
      fc.property(stream, (events) => {
        const question = { measure: 'sinceLast', withinMs: WITHIN, windows: 1 } as const;
        forEachAsked(
          'times',
          events,
          () => undefined,
          (log, { time }, all, isLate) => {
            const answer = measure(question, log, { time, own: entryOf(log, time) });
            const ago = all.slice(0, -1).map((note) => (time - note.time) / 1_000);
            const within = (least: number): number | undefined => {
              const found = ago.filter((seconds) => seconds >= least && seconds < WITHIN / 1_000);
              return found.length === 0 ? undefined : Math.min(...found);
            };
            if (!isLate) expect(answer).toBe(within(0));
            else if (within(0) === undefined) expect(answer).toBeUndefined();
            else expect(answer ?? Infinity).toBeGreaterThanOrEqual(within(0) ?? 0);
            const surely = within(CELL / 1_000);
            if (surely !== undefined) expect(answer).toBeLessThanOrEqual(surely);
          },
        );
      }),
      { numRuns: 40 },
    );
  });

  it.each(['distinct', 'firstSeen'] as const)(
    'is exact in %s for events in time and half as many values',
    (fact) => {
      fc.assert(
        fc.property(stream, fc.integer({ min: MINUTE, max: WITHIN }), (events, withinMs) => {
          const question = { measure: fact, withinMs, windows: 1 };
          forEachAsked(
            'hashes',
            events,
            (index) => (index * index) % (CAPACITY / 2 - 1),
            (log, note, all, isLate) => {
              const value = noteValue('hashes', note.value);
              const own = entryOf(log, note.time, value);
              if (!isLate)
                expect(measure(question, log, { time: note.time, own, value })).toBe(
                  naiveMeasure(question, all, note),
                );
            },
          );
        }),
        { numRuns: 40 },
      );
    },
  );

  it.each(['previous', 'changed'] as const)('is exact in %s for events in time', (fact) => {
    fc.assert(
      fc.property(stream, (events) => {
        const question = { measure: fact, withinMs: WITHIN, windows: 1 };
        forEachAsked(
          'values',
          events,
          (index) => `v${index % 3}`,
          (log, note, all, isLate) => {
            const value = noteValue('values', note.value);
            const own = entryOf(log, note.time, value);
            if (!isLate)
              expect(measure(question, log, { time: note.time, own, value })).toBe(
                naiveMeasure(question, all, note),
              );
          },
        );
      }),
      { numRuns: 40 },
    );
  });
});
