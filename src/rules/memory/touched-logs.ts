import { canonicalField } from '../../catalogue/lead-field-names.js';
import type { JsonObject } from '../../contracts/json.js';
import { PROFILE_FIELD, type LogChange, type LogPlace, type LogTouch } from '../../contracts/memory.js';
import { logTime, type Noted, type SeriesEntry } from './log-records.js';
import { ProfileLog } from './profile-log.js';
import type { Series } from './series.js';
import { retentionMs } from './retention.js';
import { SeriesLog } from './series-log.js';

/** What is known of a person goes when nothing was told of the person for so long. */
export const PROFILE_KEEP_MS = 90 * 24 * 3_600_000;

/** What Marketo answered is asked again after so long: not every change comes through the stream. */
const LOOKED_UP_FRESH_MS = 24 * 3_600_000;

/** Shorter logs are left as they are: reading them to see what is too old costs more than it brings. */
const SHORT_BYTES = 256;

/** A log as a batch uses it: what it puts at the end, and what was there before. */
abstract class TouchedLog {
  protected asked = false;
  protected before: Buffer | undefined;
  private readonly appended: Buffer[] = [];

  constructor(
    protected readonly place: LogPlace,
    private readonly keepMs: number,
  ) {}

  get touch(): LogTouch {
    const { place, keepMs, appended } = this;
    const [only, ...others] = appended;
    if (only === undefined) return { ...place, keepMs };
    return { ...place, keepMs, append: others.length === 0 ? only : Buffer.concat(appended) };
  }

  append(records: Buffer): void {
    this.appended.push(records);
  }

  /** Somebody will ask, so the log has to be read. */
  ask(): void {
    this.asked = true;
  }

  recall(before: Buffer | undefined): void {
    this.before = before;
  }

  /** The whole log as it lies in the store now, as far as this batch knows. */
  protected get bytes(): Buffer {
    return Buffer.concat([...(this.before === undefined ? [] : [this.before]), ...this.appended]);
  }

  protected replaced(by: Buffer | undefined): LogChange | undefined {
    return by && { ...this.place, kind: 'replace', beginning: this.bytes, by };
  }
}

export class TouchedSeries extends TouchedLog {
  private decoded: SeriesLog | undefined;

  constructor(
    place: LogPlace,
    private readonly series: Series,
  ) {
    super(place, retentionMs(series.horizonMs));
  }

  get log(): SeriesLog {
    return (this.decoded ??= SeriesLog.decode(this.series.keeps, this.before));
  }

  /** @returns the entry that this note is, when anybody asks. */
  take(time: number, value: Noted | undefined): SeriesEntry | undefined {
    return this.asked ? this.log.note(time, value) : undefined;
  }

  /** The entry that this note became when it was taken before. */
  find(time: number, value: Noted | undefined): SeriesEntry | undefined {
    if (!this.asked) return undefined;
    const at = logTime(time);
    return this.log.between(at - 1, at).find((entry) => entry.value === value);
  }

  improvement(): LogChange | undefined {
    if (this.bytes.length < SHORT_BYTES) return undefined;
    const { keeps, horizonMs } = this.series;
    const log = this.asked ? this.log : SeriesLog.decode(keeps, this.bytes);
    return log.isOverdue(horizonMs) ? this.replaced(log.compacted(horizonMs)) : undefined;
  }
}

export class TouchedProfile extends TouchedLog {
  private decoded: ProfileLog | undefined;

  constructor(person: string) {
    super({ owner: person, field: PROFILE_FIELD }, PROFILE_KEEP_MS);
  }

  take(time: number, tells: ReadonlyMap<string, unknown>): void {
    if (this.asked) this.log.tell(time, tells);
  }

  /** What is known of these fields, by the names that are given. */
  known(names: readonly string[], time: number): JsonObject {
    if (!this.asked) return {};
    const known = names.flatMap((name) => {
      const field = this.log.get(canonicalField(name));
      if (field === undefined) return [];
      const isStale = field.isLookedUp && field.time < time - LOOKED_UP_FRESH_MS;
      return isStale ? [] : [[name, field.value] as const];
    });
    return Object.fromEntries(known);
  }

  improvement(): LogChange | undefined {
    const { bytes } = this;
    return ProfileLog.isOverdue(bytes) ? this.replaced(ProfileLog.decode(bytes).compacted()) : undefined;
  }

  private get log(): ProfileLog {
    return (this.decoded ??= ProfileLog.decode(this.before));
  }
}
