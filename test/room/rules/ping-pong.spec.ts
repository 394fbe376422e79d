import fc from 'fast-check';
import type { Effect } from '../../../src/contracts/effect.js';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { Judgement } from '../../../src/rules/judge.js';
import type { Rule } from '../../../src/rules/rule.js';
import { eventOf, INSTANCE, type Told } from './echoes.js';
import { outcomesOf, useJudging } from './judging.js';

const START = Date.parse('2026-05-04T10:00:00Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LEAD = 5001;

/** Gives points for every change of a value, whoever made it. */
const RULE: Rule = {
  ...{ id: 'a/points', version: 'v1', description: 'd', mode: 'live', conditions: { all: [] } },
  on: ['marketo.activity.changedatavalue', 'marketo.activity.filloutform'],
  actions: [
    {
      type: 'marketo.changeScore',
      params: { lead: '{{ leadId }}', field: 'leadScore', change: 1 },
      guarantee: 'at-least-once',
    },
  ],
};

interface Change {
  readonly lead?: number;
  readonly campaignId?: number;
  readonly field?: string;
  readonly value?: string;
}

describe('a rule and a smart campaign that answer each other', () => {
  const used = useJudging([RULE]);
  let serial = 0;

  function activity(told: Omit<Told, 'guid'>): CanonicalEvent {
    serial += 1;
    return eventOf({ guid: `g-${serial}`, ...told });
  }

  const fills = (at: number, lead = LEAD): CanonicalEvent =>
    activity({ lead, at, activityType: 'Fill Out Form', activityTypeId: 2 });

  /** What campaign "Lifecycle" does to a lead. */
  function changes(
    at: number,
    { lead = LEAD, campaignId = 12, field = 'Stage', value = 'MQL' }: Change = {},
  ) {
    return activity({
      ...{ lead, at, activityType: 'Change Data Value', activityTypeId: 13 },
      members: { campaignId, campaignName: 'Lifecycle' },
      attributes: { 'Attribute Name': field, 'New Value': value },
    });
  }

  async function react(event: CanonicalEvent): Promise<Judgement> {
    const judgement = await used.judging.see(event);
    for (const effect of judgement.effects)
      await used.judging.write(effect, Date.parse(event.time) + 3 * SECOND, { from: 0, to: serial });
    return judgement;
  }

  /** So many rounds, one every ten seconds, from this time on: what became of each answer of the campaign. */
  async function play(rounds: number, from: number, change: Change = {}): Promise<string[]> {
    await react(fills(from, change.lead));
    const outcomes: string[] = [];
    for (let round = 1; round <= rounds; round++)
      outcomes.push(...outcomesOf(await react(changes(from + round * 10 * SECOND, change))));
    return outcomes;
  }

  const FIRED = 'a/points fired';
  const LOOPED = 'a/points looped';

  it('are stopped after three volleys for an hour, and it is said who they are', async () => {
    expect(await play(5, START)).toEqual([FIRED, FIRED, FIRED, LOOPED, LOOPED]);
    const { decisions } = await used.judging.see(changes(START + 59 * MINUTE));
    expect(decisions).toMatchObject([
      {
        outcome: 'looped',
        reason: 'rule a/points and smart campaign Lifecycle (12) answer each other: 4 times in 59 minutes',
        until: new Date(START + 40 * SECOND + HOUR).toISOString(),
        effects: [],
      },
    ]);
    expect(await play(4, START + 2 * HOUR)).toEqual([FIRED, FIRED, FIRED, LOOPED]);
  });

  it('are stopped for this lead and this campaign alone', async () => {
    await play(4, START);
    expect(outcomesOf(await used.judging.see(changes(START + MINUTE)))).toEqual([LOOPED]);
    const others = [
      changes(START + MINUTE, { campaignId: 13 }),
      changes(START + MINUTE, { lead: 7 }),
      fills(START + MINUTE),
    ];
    expect(outcomesOf(await used.judging.see(...others))).toEqual([FIRED, FIRED, FIRED]);
  });

  it('count once however many values one answer changes', async () => {
    await react(fills(START));
    for (let round = 1; round <= 3; round++) {
      const at = START + round * 10 * SECOND;
      const answer = Array.from({ length: 6 }, (_, index) => changes(at, { field: `Field ${index}` }));
      const judgement = await used.judging.see(...answer);
      expect(judgement.effects).toHaveLength(6);
      await used.judging.write(judgement.effects[0] as Effect, at + 3 * SECOND);
    }
    expect(outcomesOf(await used.judging.see(changes(START + MINUTE)))).toEqual([LOOPED]);
  });

  it('are nothing of the kind where the campaign acts much later than the rule', async () => {
    await react(fills(START));
    for (let round = 1; round <= 6; round++)
      expect(outcomesOf(await react(changes(START + round * 11 * MINUTE)))).toEqual([FIRED]);
  });

  it('count a volley once when the batch is judged again', async () => {
    await react(fills(START));
    for (let round = 1; round <= 5; round++) {
      const batch = await used.judging.open();
      const answer = [changes(START + round * 10 * SECOND)];
      const judgement = await used.judging.run(batch, answer);
      for (const effect of judgement.effects)
        await used.judging.write(effect, START + round * 10 * SECOND + SECOND);
      const again = await used.judging.run(batch, answer);
      expect(outcomesOf(again)).toEqual([round <= 3 ? FIRED : LOOPED]);
      expect(again.decisions).toEqual(judgement.decisions);
    }
  });

  it('are told of at once, and after an hour with how often they were stopped since', async () => {
    await play(4, START);
    await play(4, START + MINUTE, { lead: 7 });
    await play(4, START + 2 * MINUTE, { lead: 8 });
    await play(4, START + 3 * HOUR, { lead: 9 });
    const told = (await used.judging.told()).sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
    const data = { rule: 'a/points', with: 'campaign', campaignId: '12', campaign: 'Lifecycle' };
    expect(told).toMatchObject([
      {
        type: 'signalman.loop',
        subject: 'a/points and campaign 12',
        leadId: String(LEAD),
        data: { ...data, stops: 1 },
      },
      { type: 'signalman.loop', munchkinId: INSTANCE, leadId: '9', data: { ...data, stops: 3 } },
    ]);
  });

  it('are told of with the same event when the batch is judged again', async () => {
    await play(3, START);
    const batch = await used.judging.open();
    const answer = [changes(START + MINUTE)];
    await used.judging.run(batch, answer);
    await used.judging.run(batch, answer);
    expect(await used.judging.told()).toHaveLength(1);
  });

  it('never fire a rule more often than they may, in whatever order things come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            lead: fc.constantFrom(1, 2),
            pause: fc.integer({ min: 1, max: 90 }),
            pick: fc.nat(100),
          }),
          {
            minLength: 40,
            maxLength: 60,
          },
        ),
        async (steps) => {
          await used.redis.client.flushall();
          let at = START;
          /** What Marketo has yet to tell: our writes, and what its campaign makes of each. */
          const waiting: CanonicalEvent[] = [fills(at, 1), fills(at, 2)];
          let fired = 0;
          for (const { pause, pick } of steps) {
            at += pause * 10;
            const [event] = waiting.splice(pick % Math.max(1, waiting.length), 1);
            if (event === undefined) break;
            const judgement = await used.judging.see(event);
            fired += judgement.effects.length;
            for (const effect of judgement.effects) {
              serial += 1;
              const lead = Number(effect.params['lead']);
              await used.judging.write(effect, at, { from: 0, to: serial });
              waiting.push(
                written(effect, at + 500, serial),
                changes(at + SECOND, { lead, value: String(serial) }),
              );
            }
          }
          // For each of the leads the form and three volleys, and what was on its way when the rule was stopped.
          expect(fired).toBeLessThanOrEqual(2 * (1 + 3));
        },
      ),
      { numRuns: 30 },
    );
  });

  /** Marketo tells of a score that we wrote. */
  function written({ params }: Effect, at: number, to: number): CanonicalEvent {
    return activity({
      ...{ lead: Number(params['lead']), at, activityType: 'Change Data Value', activityTypeId: 13 },
      attributes: { 'Attribute Name': 'Lead Score', 'New Value': String(to), Source: 'Web service API' },
    });
  }
});
