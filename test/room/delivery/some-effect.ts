import { effectId } from '../../../src/contracts/effect-id.js';
import type { Effect } from '../../../src/contracts/effect.js';
import type { Ending, Settlement } from '../../../src/delivery/ledger-terms.js';

let serial = 0;

/** An effect of its own; what is given is as given. */
export function someEffect(changes: Partial<Effect> = {}): Effect {
  serial += 1;
  const { ruleId = 'leads/x', eventId = `event ${serial}`, to = 'ops', params = { text: 'Hello' } } = changes;
  return {
    v: 1,
    id: effectId(ruleId, eventId, serial),
    type: 'slack',
    guarantee: 'at-least-once',
    ruleVersion: 'abc',
    actionIndex: 0,
    origin: { hour: '2026-05-04T10', source: 'prod', stream: 'lead-activity' },
    decidedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
    ruleId,
    eventId,
    to,
    params: { to, ...params },
  };
}

/** The end of an attempt that says nothing of the lane. */
export function ending(state: Settlement, reason = '200 OK', more: Partial<Ending> = {}): Ending {
  const outcome = state === 'done' || state === 'skipped' || state === 'uncertain' ? state : 'failed';
  const record = { at: '2026-05-04T10:00:00.000Z', ms: 5, outcome, reason } as const;
  return { state, reason, sign: { kind: 'none' }, record, ...more };
}
