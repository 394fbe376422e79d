import { Injectable } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { counted } from '../contracts/counted.js';
import { permanent } from '../contracts/failure.js';
import type { HeldDecision, HeldRule } from '../contracts/held.js';
import { HeldEffects } from './held-effects.js';
import { HeldRules } from './held-rules.js';

/** What a person wants done with what is held of a rule. */
export interface HeldWish extends Pick<HeldDecision, 'ruleId' | 'decision' | 'by'> {
  /** Only the first so many; the rule stays held. */
  readonly first?: number | undefined;
}

/** The line of the audit book about a decision. */
export interface DecisionNote {
  readonly what: 'held.released' | 'held.discarded';
  readonly target: string;
  readonly detail: string;
}

/** What people decide about rules that are held, at the command line and over the API. */
@Injectable()
export class HeldDecisions {
  constructor(
    private readonly rules: HeldRules,
    private readonly effects: HeldEffects,
  ) {}

  /** @throws Failure `held.none` when the rule is not held. */
  async find(ruleId: string): Promise<HeldRule> {
    const rule = await this.rules.find(ruleId);
    if (rule === undefined) throw nothingHeld(ruleId);
    return rule;
  }

  /**
   * Decides, after `note` wrote down that somebody wants to: a decision that nobody wrote down is worse than a line about
   * one that a crash prevented. Workers see through what was decided.
   * @throws Failure `held.none` when nothing is held of the rule.
   */
  async decide(
    { ruleId, decision, by, first }: HeldWish,
    note: (line: DecisionNote) => Promise<void>,
  ): Promise<HeldDecision> {
    const { id, reason } = await this.find(ruleId);
    const count = Math.min(await this.effects.count(id), first ?? Infinity);
    const what = decision === 'release' ? 'held.released' : 'held.discarded';
    await note({ what, target: ruleId, detail: `${counted(count, 'effect')}: ${reason}` });
    const wanted = { ruleId, decision, by, at: systemClock.now() };
    const decided =
      first === undefined ? await this.rules.decide(wanted) : await this.rules.decideFirst(wanted, first);
    if (decided === undefined) throw nothingHeld(ruleId);
    return decided;
  }
}

/** What a release left behind that was cut off is seen through by the next worker that looks. */
function nothingHeld(ruleId: string): Error {
  return permanent(
    'held.none',
    `Nothing is held of a rule ${JSON.stringify(ruleId)}: signalman held lists those that are.`,
  );
}
