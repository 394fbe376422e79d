import { Injectable } from '@nestjs/common';
import type { Effect } from '../contracts/effect.js';
import { HeldEffects } from '../queues/held-effects.js';
import { HeldRules } from '../queues/held-rules.js';
import { LaneContents } from '../queues/lane-contents.js';
import { matchesEffect } from './effect-filter.js';
import { EffectLedger } from './effect-ledger.js';
import type { UndoRequest } from './undo.js';

/** What was decided and not sent, by where it waits. */
export interface Unsent {
  readonly queued: readonly Effect[];
  /** A worker has it: it will be sent. */
  readonly underWay: number;
  /** By the id of the holding. */
  readonly held: readonly { readonly holdingId: string; readonly effect: Effect }[];
}

/** What a rule would still do: in the lanes, given up, or held. */
@Injectable()
export class UnsentEffects {
  constructor(
    private readonly queued: LaneContents,
    private readonly rules: HeldRules,
    private readonly held: HeldEffects,
    private readonly ledger: EffectLedger,
  ) {}

  /** By when it was decided. Nothing that takes back something else. */
  async of(request: UndoRequest): Promise<Unsent> {
    const queued: Effect[] = [];
    let underWay = 0;
    for await (const page of this.queued.pages())
      for (const { effect, isUnderWay } of page.filter((each) => isMeant(each.effect, request))) {
        if (isUnderWay) underWay += 1;
        else queued.push(effect);
      }
    const held: Unsent['held'][number][] = [];
    for (const { id } of [...(await this.rules.list()), ...(await this.rules.decided())])
      for await (const page of this.held.pages(id))
        for (const { effect } of page) if (isMeant(effect, request)) held.push({ holdingId: id, effect });
    return { queued, underWay, held };
  }

  /**
   * Ends them unsent. Taken out last of all: until then a crash repeats the rest.
   * @returns how many; a worker may have got hold of some meanwhile.
   */
  async suppress({ queued, held }: Unsent, reason: string): Promise<number> {
    let count = 0;
    for (const effect of queued) {
      if (!(await this.ledger.suppress(effect, reason))) continue;
      await this.queued.remove(effect);
      count += 1;
    }
    for (const { holdingId, effect } of held) {
      if (await this.ledger.suppress(effect, reason)) count += 1;
      await this.held.letGo(holdingId, [effect.id]);
    }
    return count;
  }
}

function isMeant(effect: Effect, { rule, since, until }: UndoRequest): boolean {
  const decided = Date.parse(effect.decidedAt);
  const isInTime = decided >= since && decided <= until;
  return isInTime && effect.undoes === undefined && matchesEffect(effect, { rule });
}
