import { readFile } from 'node:fs/promises';
import { Value } from '@sinclair/typebox/value';
import { parse, type ParseError } from 'jsonc-parser';
import type { DoorKind } from '../../contracts/batch.js';
import type { SourceConnection } from '../../contracts/connections.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { permanent } from '../../contracts/failure.js';
import { readBatch } from '../../ingest/read-batch.js';
import { completeEvents, isTime, ShortEvent } from '../../rules/trial/short-event.js';
import { addressedTo, kindOf } from './sample.js';

const CLIENT = 'explained-here';
const SOURCES: Readonly<Record<DoorKind, SourceConnection>> = {
  adobe: { kind: 'adobe', clientId: CLIENT, keyOrigin: '', validationOrigin: '' },
  marketo: { kind: 'marketo', token: '' },
  events: { kind: 'events', apiKey: '' },
  webhook: { kind: 'webhook', event: { type: '' } },
};

export interface EventFile {
  readonly events: readonly CanonicalEvent[];
  /** One sentence for each piece that could not be read. */
  readonly unreadable: readonly string[];
}

/** Reads a JSON file, comments allowed. Throws a `Failure` that names the file. */
export async function readJsonFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw permanent('file.unreadable', `${file} cannot be read: ${(cause as Error).message}`, cause);
  });
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) return value;
  const line = text.slice(0, first.offset).split('\n').length;
  const hint = /\.(csv|ndjson)(\.gz)?$/.test(file) ? ' signalman import takes in files of this kind.' : '';
  throw permanent('file.syntax', `${file}:${line} is not JSON.${hint}`);
}

/** Events in any shape that the doors take, or in the short form of test files: one, or an array of them. */
export async function readEventFile(file: string, now: Date): Promise<EventFile> {
  const value = await readJsonFile(file);
  const elements: unknown[] = Array.isArray(value) ? value : [value];
  if (elements.every((element) => Value.Check(ShortEvent, element))) {
    const wrong = elements.find(({ time }) => time !== undefined && !isTime(time));
    if (wrong !== undefined) throw permanent('file.time', `${file}: "${wrong.time ?? ''}" is no time.`);
    return { events: completeEvents(elements), unreadable: [] };
  }
  const kind = kindOf(value);
  const text = JSON.stringify(addressedTo(CLIENT, value));
  const batch = {
    source: file,
    kind,
    route: 'webhook',
    mode: 'live',
    receivedAt: now.toISOString(),
    bodies: [Buffer.from(text)],
  } as const;
  const { events, unreadable } = readBatch(batch, SOURCES[kind]);
  return { events, unreadable: unreadable.map(({ at, reason }) => `${at}: ${reason}`) };
}
