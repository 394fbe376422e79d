import { Injectable } from '@nestjs/common';
import { effectTallies } from '../journal/completeness-tallies.js';
import { LateTallies } from '../queues/late-tallies.js';
import { allEffects, Consequences } from './consequences.js';
import type { Judgement } from './judge.js';
import { RulesBook } from './rules-book.js';

/** What came of something that had waited, by the id of that wait. */
export interface LateJudgement extends Judgement {
  readonly id: string;
}

/** Queues and writes down what follows from things that act when their batches are long closed. */
@Injectable()
export class LateWork {
  constructor(
    private readonly consequences: Consequences,
    private readonly book: RulesBook,
    private readonly tallies: LateTallies,
  ) {}

  /** May be done again under the same ids: effects have identities, and the rest is done once. */
  async queue(judged: readonly LateJudgement[]): Promise<void> {
    await this.consequences.see({
      effects: judged.flatMap(({ effects }) => effects),
      held: judged.flatMap(({ held }) => held),
    });
    await this.book.recordDecisions(judged.flatMap(({ decisions }) => decisions));
    await this.tallies.make(judged.map((each) => [each.id, effectTallies(allEffects(each))] as const));
  }
}
