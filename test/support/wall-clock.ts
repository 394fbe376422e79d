/** A time zone, and an instant in epoch milliseconds at which its clocks change. */
export type Change = readonly [timeZone: string, at: number];

/** Clocks that go forth and back by an hour, by half of one, at midnight, at odd minutes; a day left out; none at all. */
export const CHANGES: readonly Change[] = [
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/Santiago', '2026-04-05T03:00:00Z'],
  ['America/Santiago', '2026-09-06T04:00:00Z'],
  ['America/St_Johns', '2010-03-14T03:31:00Z'],
  ['America/St_Johns', '2010-11-07T02:31:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['Asia/Kolkata', '2026-03-29T01:00:00Z'],
].map(([timeZone = '', time = '']) => [timeZone, Date.parse(time)] as const);

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, WallTime>();

export interface WallTime {
  /** `2026-11-26` */
  readonly date: string;
  readonly day: number;
  readonly month: number;
  /** Monday is 1. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly minuteOfDay: number;
}

/** What the clocks of a zone show, as the platform says it. Asked for the same minutes many times over, so remembered. */
export function wallAt(at: number, timeZone: string): WallTime {
  const key = `${timeZone} ${Math.floor(at / 60_000)}`;
  const wall = known.get(key) ?? readWall(at, timeZone);
  known.set(key, wall);
  return wall;
}

function readWall(at: number, timeZone: string): WallTime {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const [hour, minute] = [number('hour'), number('minute')];
  const [month, day] = [number('month'), number('day')];
  return {
    date: new Date(Date.UTC(number('year'), month - 1, day)).toISOString().slice(0, 10),
    day,
    month,
    weekday: WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1,
    hour,
    minute,
    minuteOfDay: hour * 60 + minute,
  };
}
