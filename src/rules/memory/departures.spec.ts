import type { CanonicalEvent } from '../../contracts/event.js';
import { FactScope } from '../engine/facts.js';
import { leadOwner } from '../../contracts/lead-owner.js';
import { Departures } from './departures.js';
import { Noting } from './noting.js';

const INSTANCE = '123-ABC-456';

function mergeOf(ids: unknown): CanonicalEvent {
  return {
    id: 'e1',
    type: 'marketo.activity.mergeleads',
    connection: 'io',
    source: 'urn:marketo_activity_stream',
    time: '2026-11-26T10:00:00Z',
    receivedAt: '2026-11-26T10:00:00Z',
    stream: 'lead-activity',
    munchkinId: INSTANCE,
    leadId: '1',
    data: {},
    attributes: { 'Merge IDs': ids },
    oddities: [],
  };
}

function mergedBy(ids: unknown): readonly string[] {
  const departures = new Departures();
  departures.note(new Noting(new FactScope(mergeOf(ids), undefined), new Map(), true));
  return departures.merges.flatMap(({ from }) => from);
}

describe('Departures', () => {
  it('knows who was merged from a list and from a text, once each and never the survivor', () => {
    const others = ['2', '3'].map((id) => leadOwner(INSTANCE, id));
    expect(mergedBy([2, '3', 1, 2])).toEqual(others);
    expect(mergedBy('[1, 2, 3, 3]')).toEqual(others);
    expect(mergedBy({ ids: [2] })).toEqual([]);
  });

  it('heeds a thousand of one event at most, since each of them is remembered for days', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => index + 2);
    expect(mergedBy(ids)).toHaveLength(1_000);
    expect(mergedBy(ids.join())).toHaveLength(1_000);
  });
});
