import { Injectable } from '@nestjs/common';
import { ACTION_SCHEMAS } from '../actions/action-schemas.js';
import type { Attempt } from '../actions/action.js';
import { systemClock } from '../contracts/clock.js';
import type { Receipt } from '../contracts/effect.js';
import { depthBehind } from '../contracts/event.js';
import { Failure } from '../contracts/failure.js';
import { leadOwner } from '../contracts/lead-owner.js';
import { plainValue, type NotedWrite, type OwnWrite } from '../contracts/own-write.js';
import { OwnWrites } from '../state/own-writes.js';

/** Notes what an attempt writes to a lead, so that it is known as ours when the stream brings it back. */
@Injectable()
export class WriteNotes {
  constructor(private readonly ownWrites: OwnWrites) {}

  /**
   * Noted before it is sent, since the stream may be faster than the answer; where Marketo's answer tells first whom it was
   * about, then. What surely was not written, or was so already, does not come back and is noted no longer. `uncertain`:
   * an earlier attempt may have written it.
   */
  async during(attempt: Attempt, uncertain: boolean, send: () => Promise<Receipt>): Promise<Receipt> {
    const write = writeOf(attempt);
    if (write === undefined) return await send();
    const beforehand = this.ownerOf(attempt, write.leadId);
    if (beforehand !== undefined) await this.note(beforehand, attempt, write);
    try {
      const receipt = await send();
      const owner = beforehand ?? this.ownerOf(attempt, receipt.data?.['id']);
      if (owner !== undefined && receipt.already === true && !uncertain)
        await this.ownWrites.withdraw(owner, attempt.effect.id);
      else if (owner !== undefined && beforehand === undefined) await this.note(owner, attempt, write);
      return receipt;
    } catch (error) {
      const isUnwritten = error instanceof Failure && !error.outcomeUnknown && !uncertain;
      if (beforehand !== undefined && isUnwritten)
        await this.ownWrites.withdraw(beforehand, attempt.effect.id);
      throw error;
    }
  }

  private ownerOf({ destination }: Attempt, leadId: unknown): string | undefined {
    const isKnown = destination.kind === 'marketo' && leadId !== undefined;
    return isKnown ? leadOwner(destination.munchkinId, plainValue(leadId)) : undefined;
  }

  private async note(owner: string, { effect }: Attempt, write: OwnWrite): Promise<void> {
    const { id: effectId, ruleId, eventId, cause } = effect;
    const { activities, since } = write;
    const noted: NotedWrite = {
      ...{ effectId, ruleId, eventId, activities },
      depth: depthBehind(cause),
      ...(since === undefined ? {} : { since }),
    };
    await this.ownWrites.note(owner, noted, systemClock.now());
  }
}

function writeOf({ effect: { type, params }, plan }: Attempt): OwnWrite | undefined {
  return ACTION_SCHEMAS.get(type)?.writes?.of(params, plan);
}
