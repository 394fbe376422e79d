import type { Effect } from '../../src/contracts/effect.js';

let serial = 0;

/** An effect like no other, to `receiver` unless told otherwise. */
export function effectFor(over: Partial<Effect> = {}): Effect {
  serial += 1;
  const { to = 'receiver' } = over;
  return {
    v: 1,
    id: `e${serial.toString(16).padStart(32, '0')}`,
    type: 'webhook',
    to,
    params: { to, body: { text: 'ä <b> \u2028' } },
    guarantee: 'at-least-once',
    ruleId: 'leads/x',
    ruleVersion: 'abc',
    eventId: `event ${serial}`,
    actionIndex: 0,
    origin: { hour: '2026-05-04T10', source: 'a-source', stream: 'lead-activity' },
    decidedAt: '2026-01-01T00:00:00.000Z',
    ...over,
  };
}

/** That many, in the order in which they are to be queued. */
export function effectsFor(count: number, over: Partial<Effect> = {}): Effect[] {
  return Array.from({ length: count }, () => effectFor(over));
}
