import type { CanonicalEvent } from '../../contracts/event.js';
import type { Passage, Ripe } from '../../contracts/flow.js';
import type { LoopBook } from '../../contracts/loop.js';
import { MapFlow } from '../../state/map-flow.js';
import { MapMemory } from '../../state/map-memory.js';
import { conclude, goOn, type GateState } from '../conclude.js';
import { decide, type Sources } from '../decide.js';
import { eventTime } from '../engine/event-time.js';
import type { FactScope, GivenFacts } from '../engine/facts.js';
import type { RuleSet } from '../engine/rule-set.js';
import { announced } from '../flow/compiled-flow.js';
import type { Outcome } from '../outcome.js';
import { assumedDestinations } from './assumed-destinations.js';

export interface Trial {
  /** In the order in which they would come. */
  readonly outcomes: readonly Outcome[];
  /** What was known of each event, by its id. */
  readonly scopes: ReadonlyMap<string, FactScope>;
}

/** After the last event time runs on for so long, so that what waits comes to its end. */
const RUN_ON_MS = 400 * 24 * 3_600_000;
const AT_ONCE = 100;

/** Nothing is written, so nobody can answer it. */
const NOBODY_ANSWERS: LoopBook = { meet: () => Promise.resolve([]) };

/** What is known before the events, in place of what memory and Marketo would say. */
export interface TrialStart extends GivenFacts {
  /** Rules that acted before, each on an event. */
  readonly acted?: readonly { readonly ruleId: string; readonly event: CanonicalEvent }[];
}

/**
 * What these events would do, one after the other, without doing it: the worker's own deciding and rendering, with a
 * memory of its own that starts empty. Time goes by the events' times, and at the end on until nothing waits any more.
 * Every connection that a rule names is taken to exist, and nobody is asked about people.
 */
export async function runTrial(
  ruleSet: RuleSet,
  events: readonly CanonicalEvent[],
  { acted = [], ...given }: TrialStart = {},
): Promise<Trial> {
  const run = new TrialRun(ruleSet, given);
  for (const each of acted) await run.haveActed(each);
  for (const event of events) await run.take(event);
  await run.runOut();
  return run;
}

class TrialRun implements Trial {
  readonly outcomes: Outcome[] = [];
  readonly scopes = new Map<string, FactScope>();
  private readonly flow = new MapFlow();
  private readonly sources: Sources;
  private now = 0;

  constructor(
    private readonly ruleSet: RuleSet,
    given: GivenFacts,
  ) {
    const nobody = () => Promise.resolve(new Map());
    const memory = new MapMemory((owner, into) => {
      this.flow.end(owner, into);
    });
    this.sources = { memory, lookUp: nobody, given: () => given };
  }

  /** The rule announces itself to those whom it mutes, as it does when it acts. */
  async haveActed({
    ruleId,
    event,
  }: {
    readonly ruleId: string;
    readonly event: CanonicalEvent;
  }): Promise<void> {
    const time = eventTime(event);
    const passage: Passage = {
      ...{ ruleId, step: 'match', time, receivedAt: time, suppressed: false, inhibitors: [] },
      kept: { event, lead: {}, facts: {} },
      announces: announced(this.ruleSet.mutedBy(ruleId), event),
    };
    await this.flow.pass(`acted:${ruleId} ${event.id}`, [passage], time);
  }

  /** An event that comes again is known, as it would be in earnest. */
  async take(event: CanonicalEvent): Promise<void> {
    if (this.scopes.has(event.id)) return;
    // What is due at the very instant of the event comes behind it.
    await this.runTo(Math.max(this.now, Date.parse(event.receivedAt)) - 1);
    this.now += 1;
    const batch = `event:${event.id}`;
    const verdict = await decide(this.ruleSet, { batch, events: [event] }, this.sources);
    for (const scope of verdict.scopes) this.scopes.set(event.id, scope);
    await this.sources.memory.improve(verdict.improvements);
    this.outcomes.push(...(await conclude(batch, verdict, this.ruleSet, this.gate(event))));
  }

  async runOut(): Promise<void> {
    await this.runTo(this.now + RUN_ON_MS);
  }

  /** Sees through what becomes due until then, each at its time. */
  private async runTo(end: number): Promise<void> {
    for (;;) {
      const due = await this.flow.nextDue();
      if (due === undefined || due > end) break;
      this.now = Math.max(this.now, due);
      for (const ripe of await this.flow.ripe(this.now, AT_ONCE)) await this.seeThrough(ripe);
    }
    this.now = end;
  }

  private async seeThrough(ripe: Ripe): Promise<void> {
    const [first] = ripe.members;
    if (first !== undefined) this.outcomes.push(...(await goOn(ripe, this.ruleSet, this.gate(first.event))));
    await this.flow.settle([ripe]);
  }

  private gate(event: CanonicalEvent): GateState {
    const { now, ruleSet, flow } = this;
    return {
      flow,
      loops: NOBODY_ANSWERS,
      circumstances: { now, silences: [], mutedBy: (ruleId) => ruleSet.mutedBy(ruleId) },
      context: {
        destinations: assumedDestinations(ruleSet, event),
        decidedAt: new Date(now).toISOString(),
      },
    };
  }
}
