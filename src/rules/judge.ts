import { Inject, Injectable } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import type { Connections } from '../contracts/connections.js';
import type { Decision } from '../contracts/decision.js';
import type { Effect } from '../contracts/effect.js';
import type { CanonicalEvent } from '../contracts/event.js';
import { Metrics } from '../observability/metrics.js';
import { Throttles, type Turn } from '../state/throttles.js';
import { decide, type Firing } from './decide.js';
import { RuleStore } from './loading/rule-store.js';
import { outcomeOf, outcomeOfFault, type Outcome } from './outcome.js';
import { throttleKey } from './throttle-key.js';
import { throttleTime } from './throttle-time.js';

/** What follows from events. */
export interface Judgement {
  readonly decisions: readonly Decision[];
  readonly effects: readonly Effect[];
}

const FREE: Turn = { granted: true, heldBack: { count: 0, events: [] } };

/** Decides the events of a batch in one pass, with one round trip for all throttles. */
@Injectable()
export class Judge {
  constructor(
    private readonly rules: RuleStore,
    private readonly throttles: Throttles,
    private readonly metrics: Metrics,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  async judge(events: readonly CanonicalEvent[]): Promise<Judgement> {
    const stopTimer = this.metrics.decideSeconds.startTimer();
    const { firings, faults } = decide(this.rules.current(), events);
    const turns = await this.turns(firings);
    const context = { destinations: this.connections.destinations, decidedAt: new Date().toISOString() };
    const outcomes = [
      ...faults.map(outcomeOfFault),
      ...firings.map((firing, index) => outcomeOf(firing, turns[index] ?? FREE, context)),
    ];
    const judgement = { decisions: outcomes.map(decisionOf), effects: outcomes.flatMap(effectsToQueue) };
    stopTimer();
    return judgement;
  }

  private async turns(firings: readonly Firing[]): Promise<Turn[]> {
    const throttled = firings.flatMap(({ rule, event }, index) => {
      if (rule.throttle === undefined) return [];
      const { per, everyMs } = rule.throttle;
      const request = { ruleId: rule.id, key: throttleKey(per, event), eventId: event.id, everyMs };
      return [{ index, request: { ...request, time: throttleTime(event) } }];
    });
    const answers = await this.throttles.claim(throttled.map(({ request }) => request));
    const turns = firings.map(() => FREE);
    for (const [i, { index }] of throttled.entries()) turns[index] = answers[i] ?? FREE;
    return turns;
  }
}

function decisionOf(judged: Outcome): Decision {
  const { rule, event, outcome, reason, until } = judged;
  return {
    eventId: event.id,
    ruleId: rule.id,
    ruleVersion: rule.version,
    outcome,
    effects: effectsToQueue(judged).map(({ id }) => id),
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Those of a rule in shadow mode are put together only to see that they can be. */
function effectsToQueue({ outcome, effects }: Outcome): readonly Effect[] {
  return outcome === 'fired' ? effects : [];
}
