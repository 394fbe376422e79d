import type { Bound, Passage, Passed } from '../../../src/contracts/flow.js';
import { HOUR, keptOf, ownerOf, passageOf } from './flow-passages.js';
import { at, FLOWS, kinds, useFlow } from './use-flow.js';

const NONE = { count: 0, events: [] };
const place = (word: string) => ({ owner: ownerOf('lead 7'), field: `~${word}` });
const sequence = { sequence: { kind: 'then' as const, place: place('sequence'), withinMs: HOUR } };
const group = { group: { place: place('group'), waitMs: HOUR, max: 3 } };
const limited = (bounds: readonly Bound[], given: Partial<Passage> = {}): Partial<Passage> => ({
  limit: { withinMs: HOUR, bounds, people: given.lead === undefined ? [] : [given.lead] },
  ...given,
});
const firings = (most: number): Bound => ({ counts: 'firings', most, reason: `more than ${most}` });
const leads = (most: number): Bound => ({ counts: 'leads', most, reason: `for more than ${most}` });
const by = (name: string, bounds: readonly Bound[]): Partial<Passage> =>
  limited(bounds, { lead: ownerOf(name) });
const held = (answers: readonly Passed[]): (boolean | undefined)[] =>
  answers.map((answer) => answer.kind === 'acts' && answer.held !== undefined);

describe.each(FLOWS)('the limit of a rule, in a %s', (name) => {
  const used = useFlow(name);
  const { pass } = used;

  it('holds the firing that would be too many, and all after it', async () => {
    const bounds = [firings(2)];
    const answers = await pass(
      ...['a', 'b', 'c', 'd'].map((id, index) => passageOf(id, index, limited(bounds))),
      passageOf('long after', 600, limited(bounds)),
      passageOf('of another rule', 600, { ...limited(bounds), ruleId: 'another' }),
    );
    expect(held(answers)).toEqual([false, false, true, true, true, false]);
    const holding = { id: expect.any(String) as string, reason: 'more than 2', since: at(2) };
    expect(answers.slice(2, 4)).toEqual([
      { kind: 'acts', members: [keptOf('c')], heldBack: NONE, held: { ...holding, began: true } },
      { kind: 'acts', members: [keptOf('d')], heldBack: NONE, held: holding },
    ]);
  });

  it('lets a rule go on that keeps to it, by the clock', async () => {
    const bounds = [firings(2)];
    expect(
      held(
        await pass(...[0, 30, 60, 90, 120].map((minute) => passageOf(`${minute}`, minute, limited(bounds)))),
      ),
    ).toEqual([false, false, false, false, false]);
  });

  it('counts an event once, and different people', async () => {
    const same = ['a', 'a', 'a'].map((id) => passageOf(id, 0, limited([firings(1)])));
    expect(held(await pass(...same))).toEqual([false, false, false]);
    const people = ['ann', 'bob', 'ann', 'bob', 'cid'].map((name, index) =>
      passageOf(`by ${name} ${index}`, index, { ...by(name, [firings(100), leads(2)]), ruleId: 'people' }),
    );
    expect(held(await pass(...people))).toEqual([false, false, false, false, true]);
  });

  it('counts everybody for whom a digest acts', async () => {
    const digest = (name: string) => passageOf(name, 0, { ...by(name, [leads(2)]), ...group });
    const answers = await pass(digest('ann'), digest('bob'), digest('cid'));
    expect(kinds(answers)).toEqual(['grouped', 'grouped', 'acts']);
    expect(answers[2]).toMatchObject({ members: [keptOf('ann'), keptOf('bob'), keptOf('cid')] });
    expect(held(answers)).toEqual([false, false, true]);
  });

  it('counts who came first in a sequence too', async () => {
    const part = (name: string, step: 'match' | 'then', minute: number) =>
      passageOf(`${name} ${step}`, minute, { ...by(name, [leads(1)]), ...sequence, step });
    const answers = await pass(part('ann', 'match', 0), part('bob', 'then', 1));
    expect(held(answers)).toEqual([false, true]);
    expect(answers[1]).toMatchObject({ members: [keptOf('ann match')], follow: keptOf('bob then') });
  });

  it('announces nothing that is held', async () => {
    const announces = [{ place: place('announced'), keepMs: HOUR }];
    const muted = {
      inhibitors: [{ by: 'rule', place: place('announced'), withinMs: HOUR }],
      ruleId: 'muted',
    };
    await pass(passageOf('a', 0, { ...limited([firings(1)]), announces }));
    expect(kinds(await pass(passageOf('x', 1, muted)))).toEqual(['inhibited']);
    await pass(passageOf('b', 120, { ...limited([firings(1)]), announces }));
    await pass(passageOf('c', 121, { ...limited([firings(1)]), announces }));
    expect(kinds(await pass(passageOf('y', 180.5, muted)))).toEqual(['acts']);
  });
});
