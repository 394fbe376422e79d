import { Injectable } from '@nestjs/common';
import { effectTallies } from '../journal/completeness-tallies.js';
import { ActionsQueue } from '../queues/actions-queue.js';
import { LateTallies } from '../queues/late-tallies.js';
import type { Judgement } from './judge.js';
import { RulesBook } from './rules-book.js';

/** Queues and writes down what follows from something that acts when its batch is long closed. */
@Injectable()
export class LateWork {
  constructor(
    private readonly actions: ActionsQueue,
    private readonly book: RulesBook,
    private readonly tallies: LateTallies,
  ) {}

  /** May be done again under the same id: effects have identities, and the rest is done once. */
  async queue(id: string, { effects, decisions }: Judgement): Promise<void> {
    await this.actions.addAll(effects);
    await this.book.recordDecisions(decisions);
    await this.tallies.make(id, effectTallies(effects));
  }
}
