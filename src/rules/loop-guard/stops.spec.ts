import { anEvent, aRule } from '../../../test/pure/engine/samples.js';
import type { Cause } from '../../contracts/event.js';
import type { LoopBook } from '../../contracts/loop.js';
import type { Rule, RuleAction } from '../rule.js';
import type { Firing } from '../verdict.js';
import { stopsOf } from './stops.js';

/** As in a trial: nobody remembers who answered whom. */
const NOBODY: LoopBook = { meet: () => Promise.resolve([]) };

const action = (type: string): RuleAction => ({ type, params: {}, guarantee: 'at-least-once' });
const WRITES = aRule({ id: 'a/writes', actions: [action('marketo.addToList')] });
const EMITS = aRule({ id: 'a/emits', actions: [action('slack'), action('emit')] });
const TELLS = aRule({ id: 'a/tells', actions: [action('slack')] });

async function stopOf(
  rule: Rule,
  cause: Partial<Cause>,
  step: Firing['step'] = 'match',
): Promise<string | undefined> {
  const whole: Cause = { via: 'write', ruleId: 'a/writes', eventId: 'x', effectId: 'e1', depth: 1, ...cause };
  const firing: Firing = {
    rule,
    step,
    kept: { event: anEvent({ leadId: '7', cause: whole }), lead: {}, facts: {} },
  };
  const stop = (await stopsOf('b1', [firing], NOBODY)).get(firing);
  return stop && `${stop.outcome}: ${stop.reason}`;
}

describe('a firing', () => {
  it('is stopped on what the rule wrote itself, unless it wants to react or something is over by it', async () => {
    expect(await stopOf(WRITES, {})).toBe('own-write: the rule wrote this itself: effect e1');
    expect(await stopOf({ ...WRITES, reactToOwnWrites: true }, {})).toBeUndefined();
    expect(await stopOf(WRITES, {}, 'unless')).toBeUndefined();
    expect(await stopOf(TELLS, {})).toBeUndefined();
    expect(await stopOf(WRITES, { via: 'campaign' })).toBeUndefined();
    expect(await stopOf(WRITES, { via: 'emit' })).toBeUndefined();
  });

  it('is stopped after eight others where more would come of it, and not where nothing does', async () => {
    const other = { ruleId: 'b/other' };
    const reason =
      'looped: 8 firings led to it, one after the other, the last of the rule b/other: rule a/emits does not go on';
    expect(await stopOf(EMITS, { ...other, depth: 8 })).toBe(reason);
    expect(await stopOf(WRITES, { ...other, depth: 8 })).toMatch(
      /^looped: .* rule a\/writes does not go on$/,
    );
    expect(await stopOf(WRITES, { ...other, depth: 8, via: 'emit' })).toMatch(/^looped/);
    expect(await stopOf(WRITES, { ...other, depth: 7 })).toBeUndefined();
    expect(await stopOf(TELLS, { ...other, depth: 8 })).toBeUndefined();
  });
});
