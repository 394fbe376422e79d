import type { Effect } from '../contracts/effect.js';
import type { JournalEntry } from './journal-entry.js';
import { lean } from './lean.js';

function sent(params: Effect['params']): JournalEntry {
  return { kind: 'effect', record: { effect: { params } as Effect, outcome: 'done' } };
}

it('keeps what is small as it is', () => {
  const entry = sent({ text: 'x'.repeat(1_000) });
  expect(lean(entry)).toEqual(entry);
});

it('leaves large parameters out', () => {
  const entry = lean(sent({ body: 'x'.repeat(3_000_000) }));
  expect(JSON.stringify(entry).length).toBeLessThan(1_000);
  expect(entry).toMatchObject({
    record: { outcome: 'done', effect: { params: { omitted: '3000011 characters' } } },
  });
});
