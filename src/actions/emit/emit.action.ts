import type { Clock } from '../../contracts/clock.js';
import type { OwnDestination } from '../../contracts/connections.js';
import type { Receipt } from '../../contracts/effect.js';
import { transient } from '../../contracts/failure.js';
import { depthBehind } from '../../contracts/event.js';
import { ownBatch } from '../../contracts/own-event.js';
import type { EventsQueue } from '../../queues/events-queue.js';
import type { Action, Attempt } from '../action.js';
import { readParams } from '../common/read-params.js';
import { EmittedParams } from './emit.params.js';

/** Puts a new event into the events queue. Its id follows from the effect's, so that a repeat is known as a duplicate. */
export class EmitAction implements Action<OwnDestination> {
  readonly type = 'emit';
  readonly repeatable = true;
  readonly timeoutMs = 10_000;

  constructor(
    private readonly events: Pick<EventsQueue, 'add'>,
    private readonly clock: Clock,
  ) {}

  async send({ effect }: Attempt<OwnDestination>): Promise<Receipt> {
    const { type, subject, data = {}, from } = readParams(EmittedParams, effect);
    const { id: effectId, ruleId, eventId, cause } = effect;
    const batch = ownBatch({
      type,
      identity: [effectId],
      ...(subject === undefined ? {} : { subject }),
      at: Date.parse(from.time),
      receivedAt: this.clock.now(),
      data,
      leadId: from.leadId,
      munchkinId: from.munchkinId,
      cause: { via: 'emit', ruleId, eventId, effectId, depth: depthBehind(cause) },
    });
    try {
      await this.events.add(batch);
    } catch (cause) {
      const message = 'The event could not be put into the events queue.';
      throw transient('emit.not_stored', message, { outcomeUnknown: true, cause });
    }
    return { summary: `emitted ${type}` };
  }
}
