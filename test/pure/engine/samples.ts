import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { Rule } from '../../../src/rules/rule.js';

/** An event for specs: nothing in it but what the spec gives. */
export function anEvent(members: Partial<CanonicalEvent> = {}): CanonicalEvent {
  return {
    id: 'e1',
    type: 'marketo.activity.newlead',
    connection: 'a-source',
    source: 'urn:test',
    time: '2026-01-31T09:00:00.000Z',
    receivedAt: '2026-01-31T09:00:01.000Z',
    stream: 'lead-activity',
    data: {},
    attributes: {},
    oddities: [],
    ...members,
  };
}

/** A rule for specs: every event, no conditions. */
export function aRule(members: Partial<Rule> = {}): Rule {
  const defaults = { id: 'a/rule', version: 'v1', description: '', mode: 'live', on: ['*'] } as const;
  return { ...defaults, conditions: { all: [] }, actions: [], ...members };
}
