import { Injectable, Logger } from '@nestjs/common';
import type { Effect } from '../contracts/effect.js';
import type { HeldFiring } from '../contracts/held.js';
import { ownBatch } from '../contracts/own-event.js';
import { ActionsQueue } from '../queues/actions-queue.js';
import { EventsQueue } from '../queues/events-queue.js';
import { HeldEffects } from '../queues/held-effects.js';
import type { Judgement } from './judge.js';

/** Sees to what follows from judgements: effects are queued or held, and a rule that is held is told of. */
@Injectable()
export class Consequences {
  private readonly logger = new Logger(Consequences.name);

  constructor(
    private readonly actions: ActionsQueue,
    private readonly held: HeldEffects,
    private readonly events: EventsQueue,
  ) {}

  /** May be done again: effects have identities, and so has what is told. */
  async see({ effects, held }: Pick<Judgement, 'effects' | 'held'>): Promise<void> {
    await this.actions.addAll(effects);
    if (held.length === 0) return;
    await this.held.add(held);
    for (const firing of held.filter(({ began }) => began)) {
      const { ruleId, holding } = firing;
      this.logger.warn({ event: 'rule.held', rule: ruleId, reason: holding.reason });
      await this.events.add(toldOf(firing, held));
    }
  }
}

/** All that a judgement led to, sent or held. */
export function allEffects({ effects, held }: Pick<Judgement, 'effects' | 'held'>): readonly Effect[] {
  return [...effects, ...held.flatMap((firing) => firing.effects.map(({ effect }) => effect))];
}

/** `all`: of the judgement; what else was held of the rule by then goes with it. */
function toldOf({ ruleId, holding }: HeldFiring, all: readonly HeldFiring[]): ReturnType<typeof ownBatch> {
  const effects = all.flatMap((each) => (each.holding.id === holding.id ? each.effects : []));
  const { id, reason, since } = holding;
  return ownBatch({
    type: 'signalman.rule.held',
    identity: [ruleId, id],
    subject: ruleId,
    at: since,
    data: {
      rule: ruleId,
      reason,
      since: new Date(since).toISOString(),
      effects: effects.length,
      leads: new Set(effects.flatMap(({ leads }) => leads)).size,
    },
  });
}
