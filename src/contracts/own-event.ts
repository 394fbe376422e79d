import { createHash } from 'node:crypto';
import { OWN_SOURCE, type RawBatch } from './batch.js';
import type { JsonObject } from './json.js';

/** Something that the engine noticed, told to the rules like any other event. */
export interface OwnEvent {
  /** Begins with `signalman.`. */
  readonly type: string;
  /** What makes it this event and no other: the same words give the same id, so that a repeat is recognised. */
  readonly identity: readonly unknown[];
  /** What it is about, such as `prod/lead-activity`: what rules throttle by. */
  readonly subject?: string;
  /** When it was noticed, epoch milliseconds. */
  readonly at: number;
  readonly data: JsonObject;
}

/** The batch that brings one event of the engine's own into the events queue, as a CloudEvent. */
export function ownBatch({ type, identity, subject, at, data }: OwnEvent): RawBatch {
  const time = new Date(at).toISOString();
  const id = createHash('sha256')
    .update(JSON.stringify([type, ...identity]))
    .digest('hex')
    .slice(0, 32);
  const event = {
    specversion: '1.0',
    id,
    source: `/${OWN_SOURCE}`,
    type,
    ...(subject === undefined ? {} : { subject }),
    time,
    datacontenttype: 'application/json',
    data,
  };
  const bodies = [Buffer.from(JSON.stringify(event))];
  return { source: OWN_SOURCE, kind: 'signalman', route: 'engine', mode: 'live', receivedAt: time, bodies };
}
