import { Injectable } from '@nestjs/common';
import type { HeldDecision, HeldEffect } from '../contracts/held.js';
import { ActionsQueue } from '../queues/actions-queue.js';
import { HeldEffects } from '../queues/held-effects.js';
import { HeldRules } from '../queues/held-rules.js';
import { EffectLedger } from './effect-ledger.js';

/** What the ledger says of effects of which it is not known any more why they are held. */
const HELD = 'the rule did more than its limit allows';

/** Lets the ledger know what is held, and sees through what people decided about it. Several may do so at once. */
@Injectable()
export class HeldKeeper {
  constructor(
    private readonly rules: HeldRules,
    private readonly effects: HeldEffects,
    private readonly ledger: EffectLedger,
    private readonly actions: ActionsQueue,
  ) {}

  /** Everything that is to be done. `now`: epoch milliseconds. */
  async look(now: number): Promise<void> {
    await this.tellLedger();
    for (const decision of await this.rules.decided()) {
      await this.seeThrough(decision);
      await this.rules.forget(decision, now);
    }
  }

  /**
   * Queues what was released, ends what was discarded. Whoever is killed on the way leaves the rest to the next, and an
   * effect that both had is sent once, since the ledger knows it.
   */
  async seeThrough(decision: HeldDecision): Promise<void> {
    for (;;) {
      const some = await this.effects.first(decision.id);
      if (some.length === 0) return;
      if (decision.decision === 'release') await this.release(some, decision.reason);
      else await this.discard(some, decision.by);
      const ids = some.map(({ effect }) => effect.id);
      await this.effects.letGo(decision.id, ids);
    }
  }

  /** The ledger hears of it first in any case: held after its release, an effect would never be sent. */
  private async release(some: readonly HeldEffect[], reason: string): Promise<void> {
    const free = await Promise.all(
      some.map(async ({ effect }) => {
        await this.ledger.hold(effect, reason);
        return await this.ledger.release(effect);
      }),
    );
    await this.actions.addAll(some.map(({ effect }) => effect).filter((_, index) => free[index]));
  }

  private async discard(some: readonly HeldEffect[], by: string): Promise<void> {
    await Promise.all(some.map(({ effect }) => this.ledger.suppress(effect, `discarded by ${by}`)));
  }

  private async tellLedger(): Promise<void> {
    for (;;) {
      const news = await this.effects.news();
      if (news.length === 0) return;
      const reasons = new Map((await this.rules.list()).map(({ ruleId, reason }) => [ruleId, reason]));
      await Promise.all(
        news.map(async ({ effect }) => {
          if (effect !== undefined) await this.ledger.hold(effect, reasons.get(effect.ruleId) ?? HELD);
        }),
      );
      await this.effects.forgetNews(news.map(({ name }) => name));
    }
  }
}
