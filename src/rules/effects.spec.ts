import type { Cause, CanonicalEvent } from '../contracts/event.js';
import { effectsOf } from './effects.js';
import type { Rule } from './rule.js';

const EVENT: CanonicalEvent = {
  id: '123-ABC-456:1',
  type: 'marketo.activity.filloutform',
  connection: 'marketo-io',
  source: 'urn:marketo',
  time: '2026-05-04T10:00:00.000Z',
  receivedAt: '2026-05-04T10:00:03.000Z',
  stream: 'lead-activity',
  munchkinId: '123-ABC-456',
  leadId: '7',
  data: {},
  attributes: {},
  oddities: [],
};

const RULE: Rule = {
  id: 'leads/hot',
  version: 'abcdef012345',
  description: 'd',
  mode: 'live',
  on: [EVENT.type],
  conditions: { all: [] },
  actions: [
    {
      type: 'emit',
      params: { type: 'acme.lead.hot', data: { lead: '{{ leadId }}', at: ['{{ time }}', 1] } },
      guarantee: 'at-least-once',
    },
  ],
};

function effects(cause?: Cause, rule = RULE) {
  const event = cause === undefined ? EVENT : { ...EVENT, cause };
  const context = { destinations: {}, decidedAt: '2026-05-04T10:00:05.000Z' };
  const heldBack = { count: 0, events: [] };
  return effectsOf({ rule, members: [{ event, lead: {}, facts: {} }], heldBack }, context);
}

const causeOf = (depth: number): Cause => ({
  ...{ via: 'emit', ruleId: 'leads/last', eventId: 'x', effectId: 'e' },
  depth,
});

describe('the effect of emitting', () => {
  it('goes to the engine and needs no connection, with its texts rendered and what the new event goes on with', () => {
    const from = { time: EVENT.time, leadId: '7', munchkinId: '123-ABC-456' };
    const data = { lead: '7', at: [EVENT.time, 1] };
    const params = { type: 'acme.lead.hot', data, from, to: 'signalman' };
    expect(effects()).toMatchObject([{ type: 'emit', to: 'signalman', params }]);
  });

  it('says why there was the event, where a firing led to it', () => {
    expect(effects(causeOf(7))).toMatchObject([{ cause: causeOf(7) }]);
    expect(effects()[0]).not.toHaveProperty('cause');
  });
});

it('takes over the priority of its rule, and says nothing where the rule does not', () => {
  expect(effects(undefined, { ...RULE, priority: 'high' })).toMatchObject([{ priority: 'high' }]);
  expect(effects()[0]).not.toHaveProperty('priority');
});
