import { Injectable } from '@nestjs/common';
import type { Action, Attempt } from '../actions/action.js';
import type { Receipt } from '../contracts/effect.js';
import { EffectLedger } from './effect-ledger.js';
import { ExclusiveTurns } from './exclusive-turns.js';
import { WriteNotes } from './write-notes.js';

/** What its claim says of an attempt. */
export interface Lease {
  readonly leaseMs: number;
  /** An earlier attempt may have reached the target. */
  readonly uncertain: boolean;
}

/** Has an action send what was claimed: in its turn, as it was planned, and noted where it comes back in the stream. */
@Injectable()
export class Sender {
  constructor(
    private readonly ledger: EffectLedger,
    private readonly turns: ExclusiveTurns,
    private readonly notes: WriteNotes,
  ) {}

  async send(action: Action, attempt: Attempt, { leaseMs, uncertain }: Lease): Promise<Receipt> {
    const { effect } = attempt;
    const [key, planned] = [action.exclusiveKey?.(effect), action.plan !== undefined];
    const turn = { effect, key, leaseMs, uncertain, planned };
    return await this.turns.during(turn, async () => {
      const planned = await this.planned(action, attempt);
      return await this.notes.during(planned, uncertain, () => action.send(planned));
    });
  }

  private async planned(action: Action, attempt: Attempt): Promise<Attempt> {
    if (attempt.plan !== undefined || action.plan === undefined) return attempt;
    const plan = await action.plan(attempt);
    await this.ledger.keepPlan(attempt.effect.id, plan);
    return { ...attempt, plan };
  }
}
