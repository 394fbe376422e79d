import { ledgerHours } from '../contracts/completeness.js';
import type { Effect } from '../contracts/effect.js';
import type { CanonicalEvent, Stream } from '../contracts/event.js';
import type { Tally } from '../contracts/tally.js';
import { acceptedTally, talliesOf, type SeenThrough } from './completeness-tallies.js';

const RECEIVED = '2026-11-24T10:05:00.000Z';
const RECEIVED_MS = Date.parse(RECEIVED);

function event(time = '2026-11-24T09:59:00Z', stream: Stream = 'lead-activity'): CanonicalEvent {
  return { time, stream } as CanonicalEvent;
}

function seen(changes: Omit<Partial<SeenThrough>, 'batch'> & { batch?: Partial<SeenThrough['batch']> }) {
  const { batch, ...rest } = changes;
  const nothing = { decided: [], history: [], duplicates: [], unreadable: [], effects: [] };
  return talliesOf({
    ...nothing,
    ...rest,
    batch: { source: 'prod', route: 'webhook', mode: 'live', receivedAt: RECEIVED, lengths: [7], ...batch },
  });
}

/** `key field` → number, for those of one kind of key. */
function numbers(tallies: readonly Tally[], kind: string): Record<string, number> {
  const prefix = `{signalman}:${kind}`;
  const chosen = tallies.filter(({ key }) => key.startsWith(prefix));
  return Object.fromEntries(
    chosen.map((tally) => [
      `${tally.key.slice(prefix.length + 1)} ${tally.field}`.trim(),
      'add' in tally ? tally.add : tally.raiseTo,
    ]),
  );
}

it('counts what came and what became of it, by the hour of the event', () => {
  const tallies = seen({
    decided: [event(), event(), event('2026-11-24T10:00:00Z')],
    duplicates: [event()],
    effects: [
      { origin: { hour: '2026-11-24T09', source: 'prod', stream: 'lead-activity' } } as unknown as Effect,
    ],
  });
  expect(numbers(tallies, 'ledger')).toEqual({
    '2026-11-24T09 prod|lead-activity|webhook': 3,
    '2026-11-24T09 prod|lead-activity|decided': 2,
    '2026-11-24T09 prod|lead-activity|duplicates': 1,
    '2026-11-24T09 prod|lead-activity|effects': 1,
    '2026-11-24T10 prod|lead-activity|webhook': 1,
    '2026-11-24T10 prod|lead-activity|decided': 1,
  });
});

it('counts what could not be read in the hour of its receipt, since nobody knows its own', () => {
  const piece = { source: 'prod', receivedAt: RECEIVED, at: '0', reason: 'not JSON', raw: '{' };
  expect(numbers(seen({ unreadable: [piece, piece] }), 'ledger')).toEqual({
    '2026-11-24T10 prod|unread|webhook': 2,
    '2026-11-24T10 prod|unread|quarantined': 2,
  });
});

it('tells what the journal filled: new events, not those that had come before', () => {
  const tallies = seen({ batch: { route: 'journal' }, decided: [event()], duplicates: [event(), event()] });
  expect(numbers(tallies, 'ledger')).toMatchObject({
    '2026-11-24T09 prod|lead-activity|journal': 3,
    '2026-11-24T09 prod|lead-activity|filled': 1,
  });
  expect(numbers(seen({ decided: [event()] }), 'ledger')).not.toHaveProperty(
    '2026-11-24T09 prod|lead-activity|filled',
  );
});

it('counts the bodies of a delivery at the door and when it was seen through', () => {
  expect(numbers(acceptedTally('prod', RECEIVED, 3), 'deliveries')).toEqual({
    '2026-11-24T10 prod|accepted': 3,
  });
  expect(numbers(seen({ batch: { lengths: [1, 2, 3] } }), 'deliveries')).toEqual({
    '2026-11-24T10 prod|seen': 3,
  });
});

it('remembers when each stream was heard: at its receipt, by a journal when it happened, by a file never', () => {
  const events = { decided: [event(), event('2026-11-24T10:01:00Z', 'user-audit')], duplicates: [event()] };
  expect(numbers(seen(events), 'heard')).toEqual({
    'prod|lead-activity': RECEIVED_MS,
    'prod|user-audit': RECEIVED_MS,
  });
  expect(numbers(seen({ ...events, batch: { route: 'journal' } }), 'heard')).toEqual({
    'prod|lead-activity': Date.parse('2026-11-24T09:59:00Z'),
    'prod|user-audit': Date.parse('2026-11-24T10:01:00Z'),
  });
  expect(numbers(seen({ ...events, batch: { route: 'import' } }), 'heard')).toEqual({});
});

it('counts the progress of a run', () => {
  const tallies = seen({ batch: { run: 'r1' }, history: [event()], duplicates: [event()] });
  expect(numbers(tallies, 'run')).toEqual({
    'r1 batches': 1,
    'r1 events': 2,
    'r1 new': 1,
    'r1 duplicates': 1,
    'r1 quarantined': 0,
  });
  expect(numbers(seen({ history: [event()] }), 'run')).toEqual({});
});

it.each([
  ['2026-11-24T10:59:59Z', '2026-11-24T10'],
  ['2026-11-24T11:04:00.000Z', '2026-11-24T11'],
  ['2026-11-24T12:00:00Z', '2026-11-24T10'],
  ['9900-01-01T00:00:00Z', '2026-11-24T10'],
  ['2026-10-16T00:00:00Z', '2026-10-16T00'],
  ['2026-10-15T10:00:00Z', '2026-11-24T10'],
  ['0001-01-01T00:00:00Z', '2026-11-24T10'],
])('an event of %s that was received at 10:05 counts in %s', (time, hour) => {
  expect(ledgerHours(RECEIVED)(time)).toBe(hour);
});

it('changes each field once, and every event is one that came and one of which something became', () => {
  const hours = ['2026-11-24T08:00:00Z', '2026-11-24T09:00:00Z', '9900-01-01T00:00:00Z'];
  const many = Array.from({ length: 250 }, (_, index) =>
    event(hours[index % 3], index % 2 === 0 ? 'user-audit' : 'notification'),
  );
  const tallies = seen({
    decided: many.slice(0, 100),
    history: many.slice(100, 130),
    duplicates: many.slice(130),
  });
  const names = tallies.map(({ key, field }) => `${key} ${field}`);
  expect(new Set(names).size).toBe(names.length);
  const ledger = Object.entries(numbers(tallies, 'ledger'));
  const sum = (...counts: string[]) =>
    ledger.reduce((total, [name, add]) => total + (counts.includes(name.split('|')[2] ?? '') ? add : 0), 0);
  expect(sum('webhook')).toBe(250);
  expect(sum('decided', 'history', 'duplicates')).toBe(250);
});
