const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Hours remembered for a time zone: more than a year of them. */
const MOST_HOURS = 10_000;

/** What the clock on the wall shows. */
export interface ZonedNow {
  readonly hour: number;
  readonly minute: number;
  /** Monday is 1, Sunday is 7. */
  readonly weekday: number;
  /** `2026-11-26` */
  readonly date: string;
}

/** Offsets by hour since the epoch; undefined for an hour in which the clocks change. */
class Zone {
  private readonly hours = new Map<number, number | undefined>();
  private readonly format: Intl.DateTimeFormat;
  private shown: { readonly minute: number; readonly now: ZonedNow } | undefined;

  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  offsetAt(at: number): number {
    const hour = Math.floor(at / HOUR_MS);
    if (!this.hours.has(hour)) {
      if (this.hours.size >= MOST_HOURS) this.hours.clear();
      const [first, last] = [this.readOffset(hour * HOUR_MS), this.readOffset((hour + 1) * HOUR_MS - 1)];
      this.hours.set(hour, first === last ? first : undefined);
    }
    return this.hours.get(hour) ?? this.readOffset(at);
  }

  nowAt(at: number): ZonedNow {
    const minute = Math.floor(at / MINUTE_MS);
    if (this.shown?.minute === minute) return this.shown.now;
    const wall = at + this.offsetAt(at);
    const date = new Date(wall);
    const now = {
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      weekday: weekdayOf(Math.floor(wall / DAY_MS)),
      date: date.toISOString().slice(0, 10),
    };
    this.shown = { minute, now };
    return now;
  }

  private readOffset(at: number): number {
    const parts = this.format.formatToParts(at).map(({ type, value }) => [type, Number(value)] as const);
    const shown = Object.fromEntries(parts) as Partial<Record<string, number>>;
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
  }
}

/** Rules and silences name the zones, so there are few. */
const zones = new Map<string, Zone>();

/**
 * How far the clocks of a zone are ahead of UTC at an instant (epoch milliseconds), in milliseconds.
 * @throws RangeError when there is no such zone.
 */
export function offsetAt(at: number, timeZone: string): number {
  return zoneOf(timeZone).offsetAt(at);
}

/**
 * What the clocks of a zone show at an instant, epoch milliseconds.
 * @throws RangeError when there is no such zone.
 */
export function zonedNow(at: number, timeZone: string): ZonedNow {
  return zoneOf(timeZone).nowAt(at);
}

/** @param day days since 1 January 1970, which was a Thursday */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone);
  if (zone === undefined) {
    zone = new Zone(timeZone);
    zones.set(timeZone, zone);
  }
  return zone;
}
