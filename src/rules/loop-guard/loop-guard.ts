import { Injectable } from '@nestjs/common';
import type { Encounter, LoopBook, Met } from '../../contracts/loop.js';
import { ownBatch, type OwnEvent } from '../../contracts/own-event.js';
import { EventsQueue } from '../../queues/events-queue.js';
import { Loops, type MetInRedis } from '../../state/loops.js';
import { stopReason } from './stops.js';

const LOOP_TYPE = 'signalman.loop';

/** Knows who answers whom, and tells rules with `signalman.loop` when two had to be stopped. */
@Injectable()
export class LoopGuard implements LoopBook {
  constructor(
    private readonly loops: Loops,
    private readonly events: EventsQueue,
  ) {}

  /** Told again with the batch, an event has the id that it had before. */
  async meet(batch: string, encounters: readonly Encounter[]): Promise<readonly Met[]> {
    const met = await this.loops.meet(batch, encounters);
    for (const [index, encounter] of encounters.entries()) {
      const found = met[index];
      if (found !== undefined && found.stopsToTell > 0)
        await this.events.add(ownBatch(loopEvent(encounter, found)));
    }
    return met;
  }
}

function loopEvent(encounter: Encounter, met: MetInRedis): OwnEvent {
  const { id, ruleId, munchkinId, type, time, lead } = encounter;
  const { kind, name } = encounter.with;
  const other = 'campaignId' in encounter.with ? encounter.with.campaignId : undefined;
  return {
    type: LOOP_TYPE,
    identity: [id],
    subject: `${ruleId} and ${kind === 'campaign' ? 'campaign' : 'rule'} ${other ?? name}`,
    at: time,
    receivedAt: Math.max(time, Date.now()),
    data: {
      rule: ruleId,
      with: kind,
      ...(kind === 'campaign' ? { campaignId: other, campaign: name } : { otherRule: name }),
      type,
      stops: met.stopsToTell,
      reason: stopReason(encounter, met),
    },
    leadId: lead?.id,
    munchkinId,
  };
}
