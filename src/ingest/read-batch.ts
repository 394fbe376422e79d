import { isUtf8 } from 'node:buffer';
import type { RawBatch, Unreadable } from '../contracts/batch.js';
import type {
  AdobeSource,
  MarketoPushSource,
  OwnSource,
  SourceConnection,
} from '../contracts/connections.js';
import type { CanonicalEvent } from '../contracts/event.js';
import { MAX_DEPTH, nestsDeeperThan } from '../contracts/nesting.js';
import { readAdobeItem } from './normalise/adobe-item.js';
import { readCloudEvent } from './normalise/cloud-event.js';
import { itemIn, journalEntries } from './normalise/journal-page.js';
import { textNestsTooDeep, toText } from './normalise/nesting.js';
import { pushMessage, readPushedActivity } from './normalise/pushed-activity.js';
import type { Reading, Refusal } from './normalise/reading.js';

/**
 * Pieces of one body that are quarantined one by one; of more than these the body is kept as a whole. A delivery of a
 * million pieces would push everything else out of the quarantine.
 */
const MAX_PIECES = 1_000;

export interface BatchReading {
  readonly events: CanonicalEvent[];
  readonly unreadable: Unreadable[];
}

/** What a batch came through: a connection of the file, or the engine itself. */
export type ReadableSource = SourceConnection | OwnSource;

export const OWN: OwnSource = { kind: 'signalman' };

type Reader = (element: unknown) => Reading;

/**
 * Reads everything that a stored batch holds, in its order. Pure, and never throws: a piece that cannot be read is
 * told in `unreadable`, and each element of each body ends up in exactly one of the two lists.
 *
 * @param source what stands under the batch's `source` now, or `OWN`
 */
export function readBatch(batch: RawBatch, source: ReadableSource): BatchReading {
  const reading: BatchReading = { events: [], unreadable: [] };
  batch.bodies.forEach((body, index) => {
    new BodyReader(batch, source, reading).read(body, String(index));
  });
  return reading;
}

class BodyReader {
  constructor(
    private readonly batch: RawBatch,
    private readonly source: ReadableSource,
    private readonly reading: BatchReading,
  ) {}

  read(body: Buffer, at: string): void {
    if (!isUtf8(body)) {
      this.refuse(at, 'The body is not valid UTF-8.', `base64:${body.toString('base64')}`);
      return;
    }
    const text = body.toString('utf8');
    const parsed = this.parse(text);
    if ('reason' in parsed) this.refuse(at, parsed.reason, text);
    else this.readValue(parsed.value, text, at);
  }

  private parse(text: string): { readonly value: unknown } | Refusal {
    const { batch, source } = this;
    if (source.kind !== batch.kind)
      return { reason: `It came to a source of kind ${batch.kind}, which is now ${source.kind}.` };
    try {
      return { value: JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) as unknown };
    } catch (error) {
      return { reason: `The body is not JSON: ${(error as Error).message}.` };
    }
  }

  private readValue(value: unknown, text: string, at: string): void {
    const { batch, source } = this;
    if (source.kind === 'marketo') this.readPush(value, text, at, source);
    else if (source.kind !== 'adobe')
      this.readItems(value, text, at, (event) => readCloudEvent(event, batch, source));
    else if (batch.route === 'journal') this.readPage(value, text, at, source);
    else this.readItems(value, text, at, (item) => readAdobeItem(item, batch, source));
  }

  private readPush(value: unknown, text: string, at: string, source: MarketoPushSource): void {
    const push = pushMessage(value);
    if (push === undefined) this.refuse(at, 'It is no direct push: there is no list of activities.', text);
    else
      this.each(push.activities, text, `${at}/activities`, (activity) =>
        readPushedActivity(activity, push.message, this.batch, source),
      );
  }

  private readPage(value: unknown, text: string, at: string, source: AdobeSource): void {
    const entries = journalEntries(value);
    if (entries === undefined)
      this.refuse(at, 'It is no page of the journal: there is no list of events.', text);
    else
      this.each(entries, text, `${at}/events`, (entry) => readAdobeItem(itemIn(entry), this.batch, source));
  }

  /** One item, or a list of them. */
  private readItems(value: unknown, text: string, at: string, read: Reader): void {
    if (Array.isArray(value)) {
      this.each(value, text, at, read);
      return;
    }
    const reading = bounded(value, textNestsTooDeep(text), read);
    if ('reason' in reading) this.refuse(at, reading.reason, text);
    else this.reading.events.push(reading);
  }

  private each(elements: readonly unknown[], text: string, at: string, read: Reader): void {
    const tooDeep = textNestsTooDeep(text);
    let refused = 0;
    for (let i = 0; i < elements.length; i++) {
      const element = elements[i];
      const reading = bounded(element, tooDeep, read);
      if (!('reason' in reading)) this.reading.events.push(reading);
      else if (++refused <= MAX_PIECES) this.refuse(`${at}/${i}`, reading.reason, toText(element));
    }
    if (refused <= MAX_PIECES) return;
    const more = refused - MAX_PIECES;
    this.refuse(`${at}/…`, `${more} more of its elements cannot be read; this is the whole body.`, text);
  }

  private refuse(at: string, reason: string, raw: string): void {
    const { source, receivedAt } = this.batch;
    this.reading.unreadable.push({ source, receivedAt, at, reason, raw });
  }
}

/** `suspect`: somewhere in the body something nests too deep, so each element is looked at. */
function bounded(element: unknown, suspect: boolean, read: Reader): Reading {
  if (suspect && nestsDeeperThan(element, MAX_DEPTH))
    return { reason: `It is nested deeper than ${MAX_DEPTH} levels.` };
  return read(element);
}
