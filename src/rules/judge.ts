import { Inject, Injectable } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import type { RawBatch } from '../contracts/batch.js';
import type { Connections } from '../contracts/connections.js';
import type { Decision } from '../contracts/decision.js';
import type { Effect } from '../contracts/effect.js';
import { Failure, permanent } from '../contracts/failure.js';
import { readBatch, type BatchReading } from '../ingest/read-batch.js';
import { Metrics } from '../observability/metrics.js';
import { Throttles, type Turn } from '../state/throttles.js';
import { decide, type Fault, type Firing } from './decide.js';
import { effectsOf } from './effects.js';
import { RuleStore } from './loading/rule-store.js';
import { throttleKey } from './throttle-key.js';
import { throttleTime } from './throttle-time.js';

/** What one batch comes to: everything that was in it, and what follows. */
export interface Judgement extends BatchReading {
  readonly decisions: readonly Decision[];
  readonly effects: readonly Effect[];
}

const FREE: Turn = { granted: true, heldBack: { count: 0, events: [] } };

/** Reads a batch and decides its events in one pass, with one round trip for all throttles. */
@Injectable()
export class Judge {
  constructor(
    private readonly rules: RuleStore,
    private readonly throttles: Throttles,
    private readonly metrics: Metrics,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  /** Throws a permanent `Failure` when the batch's source is configured no longer. */
  async judge(batch: RawBatch): Promise<Judgement> {
    const source = this.connections.sources[batch.source];
    if (source === undefined) {
      throw permanent('source.missing', `The source "${batch.source}" is no longer in the connections file.`);
    }
    const reading = readBatch(batch, source);
    const { events } = reading;
    const stopTimer = this.metrics.decideSeconds.startTimer();
    const { firings, faults } = decide(this.rules.current(), events);
    const turns = await this.turns(firings);
    const decidedAt = new Date().toISOString();
    const decisions: Decision[] = faults.map(faulty);
    const effects: Effect[] = [];
    for (const [index, firing] of firings.entries()) {
      const turn = turns[index] ?? FREE;
      const built = turn.granted ? this.build(firing, turn, decidedAt) : held(firing, turn.until);
      decisions.push(built.decision);
      effects.push(...built.effects);
    }
    stopTimer();
    return { ...reading, decisions, effects };
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

  private build(firing: Firing, turn: Turn & { granted: true }, decidedAt: string): Built {
    try {
      const context = { destinations: this.connections.destinations, decidedAt };
      const effects = effectsOf(firing, turn.heldBack, context);
      if (firing.rule.mode === 'shadow') return { decision: decision(firing, 'shadow'), effects: [] };
      const ids = effects.map(({ id }) => id);
      return { decision: { ...decision(firing, 'fired'), effects: ids }, effects };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { decision: { ...decision(firing, 'failed'), reason: error.message }, effects: [] };
    }
  }
}

interface Built {
  readonly decision: Decision;
  readonly effects: readonly Effect[];
}

function held(firing: Firing, until: number): Built {
  const every = firing.rule.throttle?.per ?? '';
  const reason = `already fired for this ${every}`;
  return {
    decision: { ...decision(firing, 'throttled'), reason, until: new Date(until).toISOString() },
    effects: [],
  };
}

function faulty(fault: Fault): Decision {
  return { ...decision(fault, 'failed'), reason: fault.reason };
}

function decision({ rule, event }: Pick<Firing, 'rule' | 'event'>, outcome: Decision['outcome']): Decision {
  return { eventId: event.id, ruleId: rule.id, ruleVersion: rule.version, outcome, effects: [] };
}
