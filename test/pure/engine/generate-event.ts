import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { Chance } from './seeded.js';
import { generateObject, generateValue, TYPES } from './values.js';

const TIMES = ['2026-02-01T12:00:00.000Z', '2026-02-01T02:30:00.000Z', '2026-01-31T23:10:00.000Z'];
const WHEN = [...TIMES, '2026-01-31 09:00', '2026-01-30T23:00:00+01:00', '2026-01-10'];

/** An event that rules often meet: both draw from the same few members and values. */
export function generateEvent(chance: Chance): CanonicalEvent {
  const leadId = chance.happens(0.8) ? { leadId: chance.pick(['7', '5']) } : {};
  const munchkinId = chance.happens(0.8) ? { munchkinId: '123-ABC-456' } : {};
  const lead = chance.happens(0.4) ? { lead: generateObject(chance, 1) } : {};
  const named = chance.happens(0.5) ? { 'Attribute Name': 'Lead Score' } : {};
  const told = chance.happens(0.5) ? { 'New Value': generateValue(chance, 0) } : {};
  return {
    id: String(chance.below(1_000)),
    type: chance.pick(TYPES),
    connection: 'a-source',
    source: 'urn:test',
    time: chance.pick(TIMES),
    receivedAt: '2026-02-01T12:00:01.000Z',
    stream: 'lead-activity',
    ...leadId,
    ...munchkinId,
    data: { ...generateObject(chance, 2), ...lead, when: chance.pick(WHEN) },
    attributes: { ...generateObject(chance, 1), ...named, ...told },
    oddities: [],
  };
}
