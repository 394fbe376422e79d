import { Buffer } from 'node:buffer';
import { parseJson } from '../../contracts/json.js';
import { abridged } from './abridged.js';
import { logTime } from './log-records.js';

/** What is known of one field of a person. */
export interface KnownField {
  readonly value: unknown;
  /** Of the event that told it, or when it was looked up: epoch milliseconds. */
  readonly time: number;
  /** Marketo was asked for it; otherwise an event told it. */
  readonly isLookedUp: boolean;
}

/** Values by the canonical names of their fields. */
export type FieldValues = ReadonlyMap<string, unknown>;

/** No field of Marketo comes near: what is longer is kept shortened, so that a record's length fits two bytes. */
const LONGEST_VALUE = 10_000;
/** A field with a longer name, which only a stranger would send, is not kept. */
const LONGEST_NAME = 200;

/** Bytes of a time, and of the head of a record: time, origin, length of the JSON of name and value. */
const TIME = 6;
const HEAD = TIME + 3;

/** A log is not written anew for so few records that say nothing any more. */
const FEW = 16;
/** No log of fewer bytes holds so many. */
const SHORT = FEW * (HEAD + '["",0]'.length);

/** The records of what an event told of its person at that time, epoch milliseconds. */
export function encodeTold(time: number, fields: FieldValues): Buffer {
  return encodeFields(time, fields, false);
}

/** The records of what Marketo answered at that time, epoch milliseconds. */
export function encodeLookedUp(time: number, fields: FieldValues): Buffer {
  return encodeFields(time, fields, true);
}

/** What is known of a person: of each field what has the latest time, and of the same time what came last. */
export class ProfileLog {
  private readonly fields = new Map<string, KnownField>();
  private records = 0;

  /** Never throws: bytes that are no records are left out, with all that follows them. */
  static decode(bytes: Buffer | undefined): ProfileLog {
    const log = new ProfileLog();
    let at = 0;
    while (bytes !== undefined && at + HEAD <= bytes.length) {
      const end = at + HEAD + bytes.readUInt16BE(at + TIME + 1);
      const field = end > bytes.length ? undefined : parseJson(bytes.subarray(at + HEAD, end));
      if (!Array.isArray(field) || typeof field[0] !== 'string') break;
      const isLookedUp = bytes.readUInt8(at + TIME) === 1;
      log.learn(field[0], { value: field[1] as unknown, time: bytes.readUIntBE(at, TIME), isLookedUp });
      at = end;
    }
    return log;
  }

  /** True when the log of these bytes should be written anew: most of it says nothing any more. */
  static isOverdue(bytes: Buffer): boolean {
    if (bytes.length < SHORT) return false;
    const { records, fields } = ProfileLog.decode(bytes);
    return records - fields.size > Math.max(fields.size, FEW);
  }

  /** What is known of a field, by its canonical name. */
  get(field: string): KnownField | undefined {
    return this.fields.get(field);
  }

  /** An event tells this, as `encodeTold` writes it into the bytes. */
  tell(time: number, fields: FieldValues): void {
    for (const [field, value] of keepable(fields))
      this.learn(field, { value, time: logTime(time), isLookedUp: false });
  }

  /** The bytes of the same log with one record a field; undefined when there are no more. */
  compacted(): Buffer | undefined {
    if (this.records === this.fields.size) return undefined;
    const records = [...this.fields].map(([field, { value, time, isLookedUp }]) =>
      encodeField(time, isLookedUp, field, value),
    );
    return Buffer.concat(records);
  }

  private learn(field: string, known: KnownField): void {
    this.records += 1;
    const before = this.fields.get(field);
    if (before === undefined || before.time <= known.time) this.fields.set(field, known);
  }
}

function encodeFields(time: number, fields: FieldValues, isLookedUp: boolean): Buffer {
  return Buffer.concat(
    keepable(fields).map(([field, value]) => encodeField(logTime(time), isLookedUp, field, value)),
  );
}

/** A field without a value is kept as null: it is known to be empty. */
function keepable(fields: FieldValues): readonly (readonly [field: string, value: unknown])[] {
  return [...fields]
    .filter(([field]) => field.length <= LONGEST_NAME)
    .map(([field, value]) => [field, abridged(value ?? null, LONGEST_VALUE)]);
}

function encodeField(time: number, isLookedUp: boolean, field: string, value: unknown): Buffer {
  const json = JSON.stringify([field, value]);
  const length = Buffer.byteLength(json);
  const record = Buffer.allocUnsafe(HEAD + length);
  record.writeUIntBE(time, 0, TIME);
  record.writeUInt8(isLookedUp ? 1 : 0, TIME);
  record.writeUInt16BE(length, TIME + 1);
  record.write(json, HEAD);
  return record;
}
