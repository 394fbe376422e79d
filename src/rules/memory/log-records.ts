import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { abridged } from './abridged.js';
import type { Keeps } from './stateful-facts.js';

/** What is noted with an event: a number, the hash of a value as a number of 48 bits, or a value's JSON. */
export type Noted = number | string;

/** An event in a log; several of them where a log was compacted. */
export interface SeriesEntry {
  /** Event time, epoch milliseconds; of several events that of the latest. */
  readonly time: number;
  /** How many events it stands for, 65,535 at most. */
  readonly count: number;
  /** Of several numbers their sum; undefined in a log of times. */
  readonly value: Noted | undefined;
  /** Of several numbers. */
  readonly range?: { readonly min: number; readonly max: number };
}

/** An entry never stands for more events: its count is kept in two bytes. */
export const MOST_EVENTS = 0xffff;

/** Texts, and the JSON of lists and objects, of more characters are kept shortened. */
const LONGEST_VALUE = 200;

const NUMERIC = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/**
 * What of an event's value goes into a log; undefined: nothing, and the event is not noted. Numbers are noted of numbers
 * and of texts that are one (`"+10"`, `"3.5"`). A missing value (undefined, null, for hashes also an empty text) has no
 * hash; in a log of values it is null, because Marketo leaves a new value out when a field was emptied.
 */
export function noteValue(keeps: Keeps, raw: unknown): Noted | undefined {
  switch (keeps) {
    case 'times':
      return undefined;
    case 'numbers':
      return numberIn(raw);
    case 'hashes':
      return raw === undefined || raw === null || raw === '' ? undefined : hashOf(JSON.stringify(raw));
    case 'values':
      return JSON.stringify(abridged(raw ?? null, LONGEST_VALUE));
  }
}

/** Event time as logs keep it, epoch milliseconds: what came before 1970 counts as of its beginning. */
export function logTime(time: number): number {
  return time > 0 ? time : 0;
}

/**
 * The record of one event, to be put at the end of a log.
 * @param value what `noteValue` gave
 */
export function encodeNote(keeps: Keeps, time: number, value?: Noted): Buffer {
  return RECORDS[keeps].write({ time: logTime(time), count: 1, value });
}

export function encodeEntries(keeps: Keeps, entries: readonly SeriesEntry[]): Buffer {
  return Buffer.concat(entries.map(RECORDS[keeps].write));
}

/** The entries of a log in the order in which they were noted, up to the first byte that is no part of a whole record. */
export function decodeEntries(keeps: Keeps, bytes: Buffer): SeriesEntry[] {
  const { sizeAt, read } = RECORDS[keeps];
  // Quicker by far than the methods of a Buffer.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: SeriesEntry[] = [];
  let at = 0;
  while (at + HEAD <= bytes.length) {
    const size = sizeAt(view, at);
    if (size === undefined || at + size > bytes.length) break;
    entries.push(read(view, at, size));
    at += size;
  }
  return entries;
}

/** The number in an entry; 0 when it has none. */
export function numberOf({ value }: SeriesEntry): number {
  return typeof value === 'number' ? value : 0;
}

/** The lowest of the numbers that an entry stands for. */
export function lowestOf(entry: SeriesEntry): number {
  return entry.range?.min ?? numberOf(entry);
}

/** The highest of them. */
export function highestOf(entry: SeriesEntry): number {
  return entry.range?.max ?? numberOf(entry);
}

/** Bytes of a time, of a hash, of a floating-point number. */
const TIME = 6;
const HASH = 6;
const DOUBLE = 8;
/** Bytes with which every record begins: a time and a count or length of two bytes, or else a part of a hash. */
const HEAD = TIME + 2;

interface RecordKind {
  /** Bytes of the record that begins there, of which the head is present; undefined when no record begins so. */
  readonly sizeAt: (view: DataView, at: number) => number | undefined;
  readonly read: (view: DataView, at: number, size: number) => SeriesEntry;
  readonly write: (entry: SeriesEntry) => Buffer;
}

const RECORDS: Readonly<Record<Keeps, RecordKind>> = {
  times: {
    sizeAt: (view, at) => (view.getUint16(at + TIME) === 0 ? undefined : HEAD),
    read: (view, at) => ({
      time: sixBytesAt(view, at),
      count: view.getUint16(at + TIME),
      value: undefined,
    }),
    write: ({ time, count }) => recordOf(HEAD, time, count),
  },
  numbers: { sizeAt: sizeOfNumber, read: readNumber, write: writeNumber },
  hashes: {
    sizeAt: () => TIME + HASH,
    read: (view, at) => ({
      time: sixBytesAt(view, at),
      count: 1,
      value: sixBytesAt(view, at + TIME),
    }),
    write: (entry) => {
      const record = Buffer.allocUnsafe(TIME + HASH);
      record.writeUIntBE(entry.time, 0, TIME);
      record.writeUIntBE(numberOf(entry), TIME, HASH);
      return record;
    },
  },
  values: {
    sizeAt: (view, at) => HEAD + view.getUint16(at + TIME),
    read: (view, at, size) => ({
      time: sixBytesAt(view, at),
      count: 1,
      value: Buffer.from(view.buffer, view.byteOffset + at + HEAD, size - HEAD).toString(),
    }),
    write: ({ time, value }) => {
      const text = String(value);
      const length = Buffer.byteLength(text);
      const record = recordOf(HEAD + length, time, length);
      record.write(text, HEAD);
      return record;
    },
  },
};

/** A record of `size` bytes whose head is written. */
function recordOf(size: number, time: number, countOrLength: number): Buffer {
  const record = Buffer.allocUnsafe(size);
  record.writeUIntBE(time, 0, TIME);
  record.writeUInt16BE(countOrLength, TIME);
  return record;
}

/** A time or a hash. */
function sixBytesAt(view: DataView, at: number): number {
  return view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
}

function sizeOfNumber(view: DataView, at: number): number | undefined {
  const count = view.getUint16(at + TIME);
  return count === 0 ? undefined : HEAD + DOUBLE * (count === 1 ? 1 : 3);
}

function readNumber(view: DataView, at: number): SeriesEntry {
  const time = sixBytesAt(view, at);
  const count = view.getUint16(at + TIME);
  const value = view.getFloat64(at + HEAD);
  if (count === 1) return { time, count, value };
  const min = view.getFloat64(at + HEAD + DOUBLE);
  const max = view.getFloat64(at + HEAD + 2 * DOUBLE);
  return { time, count, value, range: { min, max } };
}

function writeNumber(entry: SeriesEntry): Buffer {
  const { time, count } = entry;
  const record = recordOf(HEAD + DOUBLE * (count === 1 ? 1 : 3), time, count);
  record.writeDoubleBE(numberOf(entry), HEAD);
  if (count === 1) return record;
  record.writeDoubleBE(lowestOf(entry), HEAD + DOUBLE);
  record.writeDoubleBE(highestOf(entry), HEAD + 2 * DOUBLE);
  return record;
}

function numberIn(raw: unknown): number | undefined {
  const number = typeof raw === 'string' && NUMERIC.test(raw) ? Number(raw) : raw;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function hashOf(json: string): number {
  return createHash('sha256').update(json).digest().readUIntBE(0, HASH);
}
