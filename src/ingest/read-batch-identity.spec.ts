import {
  ACTIVITY,
  ADOBE,
  AUDIT,
  batchOf,
  CLOUD_EVENT,
  EVENTS,
  GUID,
  PUSH,
} from '../../test/support/delivery-samples.js';
import type { DoorKind } from '../contracts/batch.js';
import type { SourceConnection } from '../contracts/connections.js';
import { readBatch } from './read-batch.js';

/** Id of the one event that a delivery by a connection of that name holds. */
function idBy(name: string, kind: DoorKind, body: unknown, source: SourceConnection): string {
  const { events } = readBatch({ ...batchOf(kind, body), source: name }, source);
  expect(events).toHaveLength(1);
  return events[0]?.id ?? '';
}

const pushed = (munchkinId: string | undefined, marketoGUID: string): string =>
  idBy('push', 'marketo', { munchkinId, activities: [{ marketoGUID, activityTypeId: 11 }] }, PUSH);

describe('an event that claims the id of another connection’s', () => {
  const victim = idBy('crm', 'events', { ...CLOUD_EVENT, source: 'urn:acme:crm' }, EVENTS);

  it.each([
    [
      'as its instance and its GUID',
      victim.slice(0, victim.indexOf(':')),
      victim.slice(victim.indexOf(':') + 1),
    ],
    ['as its GUID alone', undefined, victim],
  ])('has another id when it gives it %s', (_how, munchkinId, guid) => {
    expect(pushed(munchkinId, guid)).toBe(`push/${victim}`);
  });

  it('has another id when it gives it as the id of an Adobe event', () => {
    const activity = `123-ABC-456:${GUID}`;
    expect(idBy('other-io', 'adobe', { ...AUDIT, eventid: activity }, ADOBE)).toBe(`other-io/${activity}`);
    const nameless = { ...ACTIVITY, id: undefined, eventid: activity };
    expect(idBy('other-io', 'adobe', nameless, ADOBE)).toBe(`other-io/${activity}`);
  });

  it('has another id when it gives the hash that stands for a long one', () => {
    const long = idBy('crm', 'events', { ...CLOUD_EVENT, id: 'x'.repeat(600) }, EVENTS);
    const [word = '', hash = ''] = long.split(':');
    expect(word).toBe('sha256');
    expect(pushed(word, hash)).toBe(`push/${long}`);
  });
});

it('takes an instance for the same however its letters are written', () => {
  expect(pushed('123-abc-456', GUID)).toBe(pushed('123-ABC-456', GUID));
});
