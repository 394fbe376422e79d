import { effectId } from '../../src/contracts/effect-id.js';
import type { Effect } from '../../src/contracts/effect.js';
import type { Holding } from '../../src/contracts/flow.js';
import type { HeldFiring } from '../../src/contracts/held.js';

export const RULE_ID = 'leads/welcome';
const DECIDED_AT = '2026-11-26T10:00:00.000Z';

export function effectFor(name: string, given: Partial<Effect> = {}): Effect {
  return {
    v: 1,
    id: effectId(RULE_ID, name, 0),
    type: 'webhook',
    to: 'crm',
    params: { to: 'crm', body: `about ${name}` },
    guarantee: 'at-least-once',
    ruleId: RULE_ID,
    ruleVersion: 'v1',
    eventId: name,
    actionIndex: 0,
    origin: { hour: '2026-11-26T10', source: 'io', stream: 'lead-activity' },
    decidedAt: DECIDED_AT,
    ...given,
  };
}

/** A firing for each name, about the lead of that name. */
export function firingsOf(holding: Holding, names: readonly string[]): HeldFiring[] {
  return names.map((name) => ({
    ruleId: RULE_ID,
    holding,
    began: false,
    effects: [{ effect: effectFor(name), leads: [`123-ABC-456/${name}`] }],
  }));
}

export function namesFrom(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => String(from + index));
}
