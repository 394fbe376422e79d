import fc from 'fast-check';
import { coversRule } from '../../contracts/rule-pattern.js';
import type { Silence } from '../../contracts/silence.js';
import { silenceOf } from './silence-match.js';

const at = (text: string): number => Date.parse(text);

const SILENCE: Silence = {
  id: 's1',
  rules: 'leads/*',
  owner: 'ops',
  reason: 'a migration',
  from: '2026-11-26T10:00:00.000Z',
  until: '2026-11-26T12:00:00.000Z',
  createdBy: 'cli:ops',
  createdAt: '2026-11-26T10:00:00.000Z',
};
const EVENT = { type: 'marketo.activity.newlead', leadId: '7', munchkinId: '123-ABC-456' };
const NOW = at('2026-11-26T11:00:00Z');

const mutes = (changes: Partial<Silence>, { ruleId = 'leads/a', event = EVENT, now = NOW } = {}): boolean =>
  silenceOf([{ ...SILENCE, ...changes }], { ruleId, event }, now) !== undefined;

describe('a silence', () => {
  it.each([
    ['leads/a', 'leads/a', true],
    ['leads/a', 'leads/ab', false],
    ['leads/*', 'leads/deep/a', true],
    ['leads/*', 'lead/a', false],
    ['*', 'leads/a', true],
    ['*/a', 'leads/a', true],
    ['*/a', 'leads/ab', false],
    ['leads/*-state', 'leads/us-without-state', true],
    ['a*a', 'a', false],
    ['l*a*s*a', 'leads/a', true],
    ['**', 'leads/a', true],
    ['.*', 'leads/a', false],
  ])('of %s covers %s: %s', (pattern, ruleId, covers) => {
    expect(mutes({ rules: pattern }, { ruleId })).toBe(covers);
  });

  it('covers what the same pattern covers as a regular expression, whatever is in it', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 });
    fc.assert(
      fc.property(piece, piece, (pattern, ruleId) => {
        expect(coversRule(pattern, ruleId)).toBe(
          new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(ruleId),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [{ leadId: '7' }, true],
    [{ leadId: '70' }, false],
    [{ munchkinId: '123-abc-456' }, true],
    [{ munchkinId: '999-ABC-456' }, false],
    [{ type: 'marketo.activity.newlead' }, true],
    [{ type: 'marketo.activity.*' }, true],
    [{ type: 'marketo.audit.*' }, false],
    [{ leadId: '7', type: 'marketo.audit.*' }, false],
  ])('where %j covers the event: %s', (where, covers) => {
    expect(mutes({ where })).toBe(covers);
  });

  it('of a lead or an instance does not cover events that have none', () => {
    const event = { type: EVENT.type } as typeof EVENT;
    expect([mutes({}, { event }), mutes({ where: { leadId: '7' } }, { event })]).toEqual([true, false]);
    expect(mutes({ where: { munchkinId: '123-ABC-456' } }, { event })).toBe(false);
  });

  it('holds from its beginning until its end', () => {
    const times = ['09:59:59.999', '10:00:00.000', '11:59:59.999', '12:00:00.000'];
    const held = times.map((time) => mutes({}, { now: at(`2026-11-26T${time}Z`) }));
    expect(held).toEqual([false, true, true, false]);
  });

  it('that recurs holds for so long after each run, in the time of its zone and within its limits', () => {
    const every = { cron: '0 22 * * 6', forMs: 4 * 3_600_000, timeZone: 'Europe/Berlin' };
    const silence = { every, from: '2026-11-22T00:00:00Z', until: '2026-12-05T22:00:00Z' };
    const held = [
      '2026-11-28T20:59:59Z',
      '2026-11-28T21:00:00Z',
      '2026-11-29T00:59:59Z',
      '2026-11-29T01:00:00Z',
      '2026-12-05T21:59:59Z',
      '2026-12-05T22:00:00Z',
      // Asked again in no order.
      '2026-11-28T23:00:00Z',
      '2026-11-21T22:00:00Z',
      '2026-11-28T20:00:00Z',
    ].map((now) => mutes(silence, { now: at(now) }));
    expect(held).toEqual([false, true, true, false, true, false, true, false, false]);
  });

  it('that recurs answers the same however it was asked before', () => {
    const every = { cron: '*/20 * * * *', forMs: 7 * 60_000, timeZone: 'UTC' };
    const silence = { ...SILENCE, rules: '*', every };
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 7_199_999 }), { minLength: 1, maxLength: 20 }),
        (times) => {
          for (const time of times) {
            const now = at(SILENCE.from) + time;
            const open = Math.floor(now / 60_000) % 20 < 7;
            expect(silenceOf([silence], { ruleId: 'x', event: EVENT }, now) !== undefined).toBe(open);
          }
        },
      ),
    );
  });

  it('is the one that lasts longest where several hold', () => {
    const longer = { ...SILENCE, id: 's2', until: '2026-11-26T13:00:00.000Z' };
    const other = { ...SILENCE, id: 's3', rules: 'audit/*', until: '2026-11-27T13:00:00.000Z' };
    const found = silenceOf([SILENCE, longer, other], { ruleId: 'leads/a', event: EVENT }, NOW);
    expect(found?.id).toBe('s2');
  });
});
