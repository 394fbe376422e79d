import { Injectable } from '@nestjs/common';
import { isEffectId } from '../contracts/effect-id.js';
import type { Effect } from '../contracts/effect.js';
import { LaneContents } from '../queues/lane-contents.js';
import { EffectLedger } from './effect-ledger.js';
import type { LedgerEntry } from './ledger-entry.js';

/** Longer than any chain that the guard against loops lets through. */
const LONGEST_CHAIN = 20;

/** An effect that led to another one: it made the event for which the next rule fired. */
export interface Cause {
  readonly effectId: string;
  readonly ruleId: string;
  readonly eventId: string;
  /** Undefined when the ledger has nothing to tell of it any more. */
  readonly entry?: LedgerEntry;
}

/** All that is known of one effect. */
export interface EffectStory {
  readonly effect: Effect;
  /** Undefined when nothing was attempted or decided about it yet. */
  readonly entry?: LedgerEntry;
  /** It stands in the queue of its lane: it waits, is under way or was given up. */
  readonly queued: boolean;
  /** What led to it, the nearest first. */
  readonly causes: readonly Cause[];
}

/** Tells of one effect everything that ledger and queues know. */
@Injectable()
export class EffectStories {
  constructor(
    private readonly ledger: EffectLedger,
    private readonly queued: LaneContents,
  ) {}

  /** Undefined when nobody knows it. */
  async of(effectId: string): Promise<EffectStory | undefined> {
    // A queue keeps things of its own beside its jobs, under names such as meta.
    if (!isEffectId(effectId)) return undefined;
    const [entry, queued] = await Promise.all([this.ledger.get(effectId), this.queued.find(effectId)]);
    // The queue has the parameters whole.
    const effect = queued ?? entry?.effect;
    if (effect === undefined) return undefined;
    return {
      effect,
      ...(entry === undefined ? {} : { entry }),
      queued: queued !== undefined,
      causes: await this.causesOf(effect),
    };
  }

  private async causesOf(effect: Effect): Promise<Cause[]> {
    const causes: Cause[] = [];
    for (let { cause } = effect; cause !== undefined && causes.length < LONGEST_CHAIN;) {
      const { effectId, ruleId, eventId } = cause;
      const entry = await this.ledger.get(effectId);
      causes.push({ effectId, ruleId, eventId, ...(entry === undefined ? {} : { entry }) });
      cause = entry?.effect.cause;
    }
    return causes;
  }
}
