import { Injectable } from '@nestjs/common';
import type { Decision } from '../contracts/decision.js';
import type { Effect } from '../contracts/effect.js';
import type { CanonicalEvent } from '../contracts/event.js';
import type { Ripe } from '../contracts/flow.js';
import type { HeldFiring } from '../contracts/held.js';
import { Metrics } from '../observability/metrics.js';
import { conclude, goOn } from './conclude.js';
import { decide } from './decide.js';
import type { RuleSet } from './engine/rule-set.js';
import { FlowGate } from './flow-gate.js';
import { Knowledge } from './knowledge.js';
import { RuleStore } from './loading/rule-store.js';
import type { Outcome } from './outcome.js';

/** What follows from events. */
export interface Judgement {
  readonly decisions: readonly Decision[];
  /** To be sent. */
  readonly effects: readonly Effect[];
  /** To be kept until a person decides. */
  readonly held: readonly HeldFiring[];
}

/** Decides the events of a batch in one pass, with one round trip for memory and one for the flow of what matched. */
@Injectable()
export class Judge {
  constructor(
    private readonly rules: RuleStore,
    private readonly knowledge: Knowledge,
    private readonly gate: FlowGate,
    private readonly metrics: Metrics,
  ) {}

  /** `batch`: its name, by which a repeat of it is known and answered as before. */
  async judge(batch: string, events: readonly CanonicalEvent[]): Promise<Judgement> {
    const stopTimer = this.metrics.decideSeconds.startTimer();
    const judgement = judgementOf(await this.outcomes(batch, events, this.rules.current()));
    stopTimer();
    return judgement;
  }

  /** Goes on with something that has waited for its time. */
  async goOn(ripe: Ripe): Promise<Judgement> {
    const ruleSet = this.rules.current();
    if (ruleSet.find(ripe.ruleId) === undefined && this.isBroken(ripe.ruleId))
      throw new Error('the file of the rule has errors; what waits for it waits until they are mended');
    if (ripe.step !== 'undecided' || ruleSet.find(ripe.ruleId) === undefined)
      return judgementOf(await goOn(ripe, ruleSet, await this.gate.now(ruleSet)));
    const events = ripe.members.map(({ event }) => event);
    return judgementOf(await this.outcomes(ripe.id, events, ruleSet, ripe.ruleId));
  }

  /** Notes events of the past, on which no rule acts. */
  async remember(batch: string, events: readonly CanonicalEvent[]): Promise<void> {
    await this.knowledge.note(batch, events, this.rules.current());
  }

  /** A slip in a file must not end what waits for its rule. */
  private isBroken(ruleId: string): boolean {
    return this.rules
      .problems()
      .some(({ severity, file }) => severity === 'error' && file.endsWith(`/${ruleId}.json`));
  }

  private async outcomes(
    batch: string,
    events: readonly CanonicalEvent[],
    ruleSet: RuleSet,
    again?: string,
  ): Promise<Outcome[]> {
    // What is judged again was recognised before.
    const [known, sources] = await Promise.all([
      again === undefined ? this.knowledge.recognise(batch, events, ruleSet) : events,
      this.knowledge.about(events),
    ]);
    const verdict = await decide(ruleSet, { batch, events: known, again }, sources);
    const gate = await this.gate.now(ruleSet);
    const [outcomes] = await Promise.all([
      conclude(batch, verdict, ruleSet, gate),
      sources.memory.improve(verdict.improvements),
    ]);
    return outcomes;
  }
}

function judgementOf(outcomes: readonly Outcome[]): Judgement {
  return {
    decisions: outcomes.map(decisionOf),
    effects: outcomes.flatMap((each) => (each.outcome === 'fired' ? each.effects : [])),
    held: outcomes.flatMap(heldFiringOf),
  };
}

function decisionOf({ rule, eventId, outcome, reason, until, effects }: Outcome): Decision {
  return {
    eventId,
    ruleId: rule.id,
    ruleVersion: rule.version,
    outcome,
    // Those of a rule in shadow mode are put together only to see that they can be.
    effects: outcome === 'shadow' ? [] : effects.map(({ id }) => id),
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until }),
  };
}

function heldFiringOf({ rule, held, effects }: Outcome): HeldFiring[] {
  if (held === undefined) return [];
  const { holding, began, leads } = held;
  return [{ ruleId: rule.id, holding, began, effects: effects.map((effect) => ({ effect, leads })) }];
}
