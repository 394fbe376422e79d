import type { Effect } from '../contracts/effect.js';
import type { JournalEntry } from './journal-entry.js';
import { lean } from './lean.js';

function unreadable(raw: string): JournalEntry {
  const unreadable = {
    source: 's',
    receivedAt: '2026-01-01T00:00:00.000Z',
    at: '0',
    reason: 'not JSON',
    raw,
  };
  return { kind: 'unreadable', unreadable };
}

function sent(params: Effect['params']): JournalEntry {
  return { kind: 'effect', record: { effect: { params } as Effect, outcome: 'done' } };
}

it('keeps what is small as it is', () => {
  for (const entry of [unreadable('x'.repeat(65_536)), sent({ text: 'x'.repeat(1_000) })]) {
    expect(lean(entry)).toEqual(entry);
  }
});

it('cuts what could not be read, and says how much there was', () => {
  const entry = lean(unreadable('x'.repeat(3_000_000)));
  const raw = entry.kind === 'unreadable' ? entry.unreadable.raw : '';
  expect(raw.length).toBeLessThan(66_000);
  expect(raw).toMatch(/x… \(3000000 characters in all, SHA-256 [0-9a-f]{64}\)$/);
});

it('leaves large parameters out', () => {
  const entry = lean(sent({ body: 'x'.repeat(3_000_000) }));
  expect(JSON.stringify(entry).length).toBeLessThan(1_000);
  expect(entry).toMatchObject({
    record: { outcome: 'done', effect: { params: { omitted: '3000011 characters' } } },
  });
});
