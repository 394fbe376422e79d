import {
  ArrayNotEmpty,
  Equals,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Min,
  validateSync,
} from 'class-validator';
import {
  type Mode,
  MODES,
  type Route,
  ROUTES,
  SOURCE_KINDS,
  type SourceKind,
  type StoredBatch,
} from '../contracts/batch.js';
import type { LedgerLine } from '../contracts/completeness.js';
import { GUARANTEES, PRIORITIES, type Effect, type Guarantee, type Priority } from '../contracts/effect.js';
import type { Cause } from '../contracts/event.js';
import { permanent } from '../contracts/failure.js';
import type { JsonObject } from '../contracts/json.js';

/** Job data of the events queue. */
export class StoredBatchPayload implements StoredBatch {
  @Equals(1) v!: 1;
  @IsNotEmpty() @IsString() source!: string;
  @IsIn(SOURCE_KINDS) kind!: SourceKind;
  @IsIn(ROUTES) route!: Route;
  @IsIn(MODES) mode!: Mode;
  @IsOptional() @IsString() run?: string;
  @IsISO8601() receivedAt!: string;
  @IsArray() @ArrayNotEmpty() @IsInt({ each: true }) @Min(0, { each: true }) lengths!: number[];
}

/** Job data of the lanes. */
export class EffectPayload implements Effect {
  @Equals(1) v!: 1;
  @Matches(/^e[0-9a-f]{32}$/) id!: string;
  @IsNotEmpty() @IsString() type!: string;
  @IsNotEmpty() @IsString() to!: string;
  @IsObject() params!: JsonObject;
  @IsIn(GUARANTEES) guarantee!: Guarantee;
  @IsNotEmpty() @IsString() ruleId!: string;
  @IsString() ruleVersion!: string;
  @IsNotEmpty() @IsString() eventId!: string;
  @IsInt() actionIndex!: number;
  @IsObject() origin!: LedgerLine;
  @IsISO8601() decidedAt!: string;
  @IsOptional() @IsArray() @IsString({ each: true }) people?: string[];
  @IsOptional() @IsIn(PRIORITIES) priority?: Priority;
  @IsOptional() @IsObject() cause?: Cause;
  @IsOptional() @IsString() undoes?: string;
}

/**
 * Checks what a job carries before anything is done with it: another version of the program may have written it.
 * @throws Failure `payload.invalid`, never retried: the job becomes a dead letter with this sentence.
 */
export function readPayload<T extends object>(shape: new () => T, data: unknown): T {
  const payload = Object.assign(new shape(), data);
  const wrong = validateSync(payload).map((error) => error.property);
  if (wrong.length === 0) return payload;
  throw permanent(
    'payload.invalid',
    `This version cannot read the job, which another one wrote (wrong or missing: ${wrong.join(', ')}). Let that version finish it, or have its events again: signalman catch-up, or their sender.`,
  );
}
