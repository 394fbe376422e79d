import { Injectable, Logger } from '@nestjs/common';
import { ownBatch } from '../contracts/own-event.js';
import { EventsQueue } from '../queues/events-queue.js';
import { ANY_STREAM, nameOf, type StreamState } from './stream-states.js';
import { WatchMemory } from './watch-memory.js';

/** After nobody has watched, senders get so long to come back: Adobe tries again every quarter of an hour. */
const GRACE_MS = 20 * 60_000;

/**
 * Tells the rules of each silence once, and once of its end. The events' ids follow from the silence itself, so that one
 * that is told again after a crash is recognised as a duplicate.
 */
@Injectable()
export class SilenceAlarm {
  private readonly logger = new Logger('StreamWatch');

  constructor(
    private readonly queue: EventsQueue,
    private readonly memory: WatchMemory,
  ) {}

  async tell(states: readonly StreamState[], now: number): Promise<void> {
    const watchedForMs = now - (await this.memory.watchedSince(now));
    const told = await this.memory.told();
    for (const state of states) {
      const { silent, heardAt, expectation } = state;
      const grace = Math.min(GRACE_MS, expectation?.everyMs ?? GRACE_MS);
      if (silent && told.get(nameOf(state)) !== heardAt && watchedForMs >= grace)
        await this.tellSilent(state, now);
    }
    for (const [name, silentSince] of told) await this.endSilence(name, silentSince, states, now);
  }

  private async tellSilent(state: StreamState, now: number): Promise<void> {
    const { source, stream, heardAt, silentForMs, expectation } = state;
    const data = {
      source,
      stream,
      lastHeardAt: new Date(heardAt).toISOString(),
      silentForSeconds: seconds(silentForMs),
      expectedEverySeconds: seconds(expectation?.everyMs ?? 0),
      learned: expectation?.learned === true,
    };
    const identity = [source, stream, heardAt];
    const subject = nameOf(state);
    await this.queue.add(ownBatch({ type: 'signalman.stream.silent', identity, subject, at: now, data }));
    await this.memory.remember(subject, heardAt);
    this.logger.warn({ event: 'stream.silent', ...data });
  }

  private async endSilence(
    name: string,
    silentSince: number,
    states: readonly StreamState[],
    now: number,
  ): Promise<void> {
    const [source = '', stream = ''] = name.split('/');
    const ofIt = states.filter((state) => state.source === source);
    const heard = ofIt.find(
      (state) => (stream === ANY_STREAM || state.stream === stream) && state.heardAt > silentSince,
    );
    // Of a source that is configured no longer nothing is expected.
    if (ofIt.length === 0) await this.memory.forget(name);
    if (heard === undefined || heard.silent) return;
    const data = {
      source,
      stream,
      lastHeardAt: new Date(heard.heardAt).toISOString(),
      silentForSeconds: seconds(heard.heardAt - silentSince),
    };
    const identity = [source, stream, silentSince];
    await this.queue.add(
      ownBatch({ type: 'signalman.stream.resumed', identity, subject: name, at: now, data }),
    );
    await this.memory.forget(name);
    this.logger.log({ event: 'stream.resumed', ...data });
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}
