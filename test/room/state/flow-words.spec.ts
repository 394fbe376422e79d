import { DAY, HOUR, keptOf, MINUTE, ownerOf, passageOf, START } from './flow-passages.js';
import { at, FLOWS, kinds, useFlow } from './use-flow.js';

const NONE = { count: 0, events: [] };
const place = (word: string) => ({ owner: ownerOf('lead 7'), field: `~${word}` });
const sequence = (kind: 'then' | 'unless') => ({
  sequence: { kind, place: place('sequence'), withinMs: HOUR },
});
const throttle = { throttle: { place: place('throttle'), everyMs: HOUR } };
const group = (max: number) => ({ group: { place: place('group'), waitMs: HOUR, max } });
const notBefore = { notBefore: { place: place('hours'), at: START + 8 * HOUR } };

describe.each(FLOWS)('the words of a flow, in a %s', (name) => {
  const used = useFlow(name);
  const { pass } = used;

  it('lets a match act in whose way nothing stands', async () => {
    expect(await pass(passageOf('a', 0))).toEqual([{ kind: 'acts', members: [keptOf('a')], heldBack: NONE }]);
    expect(await pass(passageOf('b', 0, { suppressed: true }))).toEqual([{ kind: 'suppressed' }]);
  });

  it('then: a second event follows the first in time, and the earliest first one acts with it', async () => {
    const follow = { ...sequence('then'), step: 'then' } as const;
    expect(
      await pass(
        passageOf('too early', 5, follow),
        passageOf('first', 10, sequence('then')),
        passageOf('another', 20, sequence('then')),
        passageOf('second', 70, follow),
        passageOf('third', 80.1, follow),
      ),
    ).toEqual([
      { kind: 'nothing' },
      { kind: 'waiting', until: at(70) },
      { kind: 'waiting', until: at(80) },
      { kind: 'acts', members: [keptOf('first')], follow: keptOf('second'), heldBack: NONE },
      { kind: 'nothing' },
    ]);
  });

  it('then: the second part uses the first up, whatever comes of it', async () => {
    const follow = { ...sequence('then'), step: 'then', suppressed: true } as const;
    const answers = await pass(
      passageOf('first', 0, sequence('then')),
      passageOf('silenced', 1, follow),
      passageOf('second', 2, { ...follow, suppressed: false }),
    );
    expect(kinds(answers)).toEqual(['waiting', 'suppressed', 'nothing']);
  });

  it('then: one hundred first parts wait in a place, and the oldest go', async () => {
    const firsts = Array.from({ length: 101 }, (_, i) => passageOf(`first-${i}`, i / 100, sequence('then')));
    await pass(...firsts);
    const [second] = await pass(passageOf('second', 2, { ...sequence('then'), step: 'then' }));
    expect(second).toMatchObject({ members: [keptOf('first-1')] });
  });

  it('unless: acts when the time is over and nobody followed', async () => {
    const [, ended] = await pass(
      passageOf('first', 0, sequence('unless')),
      passageOf('follower', 60, { ...sequence('unless'), step: 'unless' }),
    );
    expect(ended).toEqual({ kind: 'ended', eventIds: ['first'] });
    expect(await used.flow.nextDue()).toBeUndefined();

    await pass(passageOf('lonely', 100, { ...sequence('unless'), receivedAt: at(130) }));
    expect(await used.flow.nextDue()).toBe(at(190));
    expect(await used.flow.ripe(at(189), 10)).toEqual([]);
    const [ripe] = await used.flow.ripe(at(190), 10);
    expect(ripe).toMatchObject({ step: 'absent', members: [keptOf('lonely')], dueAt: at(190) });
    const onward = passageOf('lonely', 100, { ...sequence('unless'), ...throttle, step: 'absent' });
    expect(kinds(await used.flow.pass(ripe?.id ?? '', [onward], at(190)))).toEqual(['acts']);
  });

  it('unless: once its absence was told, a late follower ends nothing', async () => {
    await pass(passageOf('first', 0, sequence('unless')));
    await used.flow.ripe(at(60), 10);
    expect(await pass(passageOf('late', 30, { ...sequence('unless'), step: 'unless' }))).toEqual([
      { kind: 'nothing' },
    ]);
  });

  it('throttle: one acts in a time, and the next is told what was held back', async () => {
    expect(
      await pass(...[0, 10, 59, 60].map((minute) => passageOf(`event-${minute}`, minute, throttle))),
    ).toEqual([
      { kind: 'acts', members: [keptOf('event-0')], heldBack: NONE },
      { kind: 'throttled', until: at(60) },
      { kind: 'throttled', until: at(60) },
      {
        kind: 'acts',
        members: [keptOf('event-60')],
        heldBack: { count: 2, events: ['event-10', 'event-59'] },
      },
    ]);
  });

  it('throttle: lists the first fifty that were held back, and counts all', async () => {
    await pass(...Array.from({ length: 61 }, (_, i) => passageOf(`event-${i}`, 0, throttle)));
    const [next] = await pass(passageOf('next', 60, throttle));
    const events = Array.from({ length: 50 }, (_, i) => `event-${i + 1}`);
    expect(next).toMatchObject({ heldBack: { count: 60, events } });
  });

  it('throttle: a late event has its own turn, unless it is older than all sixteen on record', async () => {
    const hours = Array.from({ length: 16 }, (_, i) => passageOf(`hour-${i}`, i * 120, throttle));
    expect(kinds(await pass(...hours.slice(0, 15)))).toEqual(Array.from({ length: 15 }, () => 'acts'));
    expect(kinds(await pass(passageOf('late', 60, throttle), passageOf('close', 90, throttle)))).toEqual([
      'acts',
      'throttled',
    ]);
    expect(await pass(passageOf('too old', -600, throttle))).toEqual([
      { kind: 'throttled', until: at(-60 + 60) },
    ]);
  });

  it('group: those of a time act together', async () => {
    const held = { waited: { members: [keptOf('b')], heldBack: { count: 2, events: ['x', 'y'] } } };
    expect(
      await pass(passageOf('a', 0, group(9)), passageOf('b', 20, { ...group(9), ...held, step: 'opened' })),
    ).toEqual([
      { kind: 'grouped', until: at(60) },
      { kind: 'grouped', until: at(60) },
    ]);
    const [ripe] = await used.flow.ripe(at(60), 10);
    expect(ripe).toMatchObject({
      step: 'gathered',
      members: [keptOf('a'), keptOf('b')],
      heldBack: { count: 2, events: ['x', 'y'] },
    });
  });

  it('group: acts at once when enough have come together', async () => {
    const answers = await pass(...['a', 'b', 'c', 'd'].map((id) => passageOf(id, 0, group(3))));
    expect(kinds(answers)).toEqual(['grouped', 'grouped', 'acts', 'grouped']);
    expect(answers[2]).toMatchObject({ members: ['a', 'b', 'c'].map(keptOf) });
  });

  it('group: what comes while it is seen through opens another', async () => {
    await pass(passageOf('a', 0, group(9)));
    const ripe = await used.flow.ripe(at(60), 10);
    await pass(passageOf('b', 61, group(9)));
    await used.flow.settle(ripe);
    expect(await used.flow.ripe(at(121), 10)).toMatchObject([{ members: [keptOf('b')] }]);
  });

  it('hours: acts when they begin, with what the throttle held back before', async () => {
    const outside = { ...throttle, ...notBefore };
    await pass(passageOf('a', 0, throttle), passageOf('b', 10, throttle));
    expect(await pass(passageOf('c', 60, outside))).toEqual([{ kind: 'deferred', until: START + 8 * HOUR }]);
    const [ripe] = await used.flow.ripe(START + 8 * HOUR, 10);
    expect(ripe).toMatchObject({
      step: 'opened',
      members: [keptOf('c')],
      heldBack: { count: 1, events: ['b'] },
    });
    const { members, heldBack } = ripe as NonNullable<typeof ripe>;
    const onward = passageOf('c', 60, { ...outside, step: 'opened', waited: { members, heldBack } });
    expect(await used.flow.pass(ripe?.id ?? '', [onward], START + 8 * HOUR)).toEqual([
      { kind: 'acts', members, heldBack },
    ]);
  });

  it('hours: a sequence keeps both its events until they begin', async () => {
    const both = { ...sequence('then'), ...notBefore };
    await pass(passageOf('first', 0, both), passageOf('second', 1, { ...both, step: 'then' }));
    const [ripe] = await used.flow.ripe(START + 8 * HOUR, 10);
    expect(ripe).toMatchObject({ step: 'opened', members: [keptOf('first')], follow: keptOf('second') });
  });

  it('inhibitors: a rule that acted mutes others for a time of the events', async () => {
    const loud = { ruleId: 'loud', announces: [{ place: place('loud'), keepMs: DAY }] };
    const muted = { inhibitors: [{ by: 'loud', place: place('loud'), withinMs: HOUR }] };
    await pass(passageOf('loud', 60, loud), passageOf('louder', 90, { ...loud, suppressed: true }));
    const answers = await pass(
      ...[59, 60, 119, 120].map((minute) => passageOf(`at-${minute}`, minute, muted)),
    );
    expect(kinds(answers)).toEqual(['acts', 'inhibited', 'inhibited', 'acts']);
    expect(answers[2]).toEqual({ kind: 'inhibited', by: 'loud', until: at(120) });
  });

  it('inhibitors: the last sixteen times at which a rule acted are remembered', async () => {
    const loud = { ruleId: 'loud', announces: [{ place: place('loud'), keepMs: DAY }] };
    const muted = { inhibitors: [{ by: 'loud', place: place('loud'), withinMs: MINUTE }] };
    await pass(...Array.from({ length: 17 }, (_, i) => passageOf(`loud-${i}`, i * 2, loud)));
    const answers = await pass(...[0, 2, 32].map((minute) => passageOf(`at-${minute}`, minute, muted)));
    expect(kinds(answers)).toEqual(['acts', 'inhibited', 'inhibited']);
  });

  it('inhibitors: one that waits to act mutes nobody before it does', async () => {
    const loud = { ruleId: 'loud', announces: [{ place: place('loud'), keepMs: DAY }], ...notBefore };
    const muted = { inhibitors: [{ by: 'loud', place: place('loud'), withinMs: HOUR }] };
    const answers = await pass(passageOf('loud', 0, loud), passageOf('a', 1, muted));
    expect(kinds(answers)).toEqual(['deferred', 'acts']);
    const [ripe] = await used.flow.ripe(START + 8 * HOUR, 10);
    await used.flow.pass(
      ripe?.id ?? '',
      [passageOf('loud', 0, { ...loud, step: 'opened' })],
      START + 8 * HOUR,
    );
    expect(kinds(await pass(passageOf('b', 1, muted)))).toEqual(['inhibited']);
  });

  it('undecided: waits to be judged again, and may wait once more', async () => {
    const again = { step: 'undecided', again: { place: place('again'), at: at(5) } } as const;
    expect(await pass(passageOf('a', 0, again))).toEqual([{ kind: 'waiting', until: at(5) }]);
    const [ripe] = await used.flow.ripe(at(5), 10);
    const later = passageOf('a', 0, { ...again, again: { place: place('again'), at: at(9) } });
    await used.flow.pass(ripe?.id ?? '', [later], at(5));
    await used.flow.settle(ripe ? [ripe] : []);
    const [next] = await used.flow.ripe(at(9), 10);
    expect(next).toMatchObject({ step: 'undecided', members: [keptOf('a')] });
    expect(next?.id).not.toBe(ripe?.id);
  });

  it('lends what is due for a minute, and forgets what was settled', async () => {
    await pass(passageOf('a', 0, sequence('unless')), passageOf('b', 1, sequence('unless')));
    const [first, ...others] = await used.flow.ripe(at(70), 1);
    expect([first?.members, others]).toEqual([[keptOf('a')], []]);
    expect(await used.flow.ripe(at(70.9), 10)).toMatchObject([{ members: [keptOf('b')] }]);
    expect(await used.flow.ripe(at(71), 10)).toEqual([first]);
    await used.flow.settle(first ? [first] : []);
    expect(await used.flow.ripe(at(72), 10)).toMatchObject([{ members: [keptOf('b')] }]);
    expect(await used.flow.ripe(at(80), 10)).toMatchObject([{ members: [keptOf('b')] }]);
  });

  it('leaves nothing to do for a worker whose loan was settled by another', async () => {
    await pass(passageOf('a', 0, sequence('unless')));
    const ripe = await used.flow.ripe(at(60), 10);
    const onward = passageOf('a', 0, { ...group(2), step: 'absent' });
    const id = ripe[0]?.id ?? '';
    expect(kinds(await used.flow.pass(id, [onward], at(60)))).toEqual(['grouped']);
    await used.flow.settle(ripe);
    const bare = passageOf('a', 0, { step: 'absent' });
    for (const late of [onward, bare])
      expect(kinds(await used.flow.pass(id, [late], at(62)))).toEqual(['nothing']);
  });
});
