import type { SubjectTarget } from '../../../../src/actions/conformance-subject.js';
import type { CheckName, TakenRequest } from '../../../../src/actions/conformance-target.js';
import type { RawBatch } from '../../../../src/contracts/batch.js';
import type { JsonObject } from '../../../../src/contracts/json.js';
import type { EventsQueue } from '../../../../src/queues/events-queue.js';

const OWN_QUEUE = 'it goes into our own queue, over no connection of its own';

/** The checks of a far end, which the engine has not. */
export const EMIT_EXEMPT: Readonly<Partial<Record<CheckName, string>>> = {
  'tells what it sent and what it was answered': OWN_QUEUE,
  'sends nothing when its time is up before it began': OWN_QUEUE,
  'tries again, and claims nothing, when nobody listens': OWN_QUEUE,
  'gives up in time on a target that hangs, and does not know the outcome': OWN_QUEUE,
  'does not know the outcome when the connection is lost': OWN_QUEUE,
  'is sure of nothing that an answer cut in its middle does not say': OWN_QUEUE,
  'tries again when the target failed': OWN_QUEUE,
  'comes back when the target asks it to': OWN_QUEUE,
  'gives up, with a sentence, what the target refuses for good': OWN_QUEUE,
  'keeps the secrets of its connection': 'its connection has none',
};

/** The events queue of a Redis, and what it has stored. */
export class EmitTarget implements SubjectTarget {
  readonly connection = { kind: 'signalman' } as const;
  readonly nowhere = this.connection;
  readonly secrets = [];
  readonly exempt = EMIT_EXEMPT;
  private readonly stored: TakenRequest[] = [];

  constructor(private readonly queue: EventsQueue) {}

  async add(batch: RawBatch): Promise<void> {
    await this.queue.add(batch);
    for (const body of batch.bodies) {
      const { id } = JSON.parse(body.toString()) as JsonObject;
      this.stored.push({ text: body.toString(), key: String(id) });
    }
  }

  fail(): void {
    throw new Error('Our own queue has no faults of a far end.');
  }

  clear(): void {
    this.stored.length = 0;
  }

  taken(): readonly TakenRequest[] {
    return this.stored;
  }
}
