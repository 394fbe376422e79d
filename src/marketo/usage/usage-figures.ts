import type { MarketoDestination } from '../../contracts/connections.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';

/** More users than rules have a use for. */
const MOST_USERS = 50;

/** Who called, how often on this day, and which share of all calls that is. */
export interface UsageUser {
  readonly userId: string;
  readonly count: number;
  readonly percent: number;
}

/** The API calls of an instance on this day, by whomever. Percentages have one decimal. */
export interface UsageFigures {
  readonly munchkinId: string;
  readonly used: number;
  /** What the connections file says that the subscription has. */
  readonly limit?: number;
  readonly percent?: number;
  readonly forecastAtMidnight: number;
  readonly forecastPercent?: number;
  /** Nobody before anybody has called. */
  readonly topUser?: UsageUser;
  /** Who called most, first; 50 at most. */
  readonly users: readonly UsageUser[];
}

/** What Marketo counted. */
export interface CountedCalls {
  /** `2026-05-04`; undefined when it was not told. */
  readonly date?: string;
  readonly used: number;
  readonly users: readonly { readonly userId: string; readonly count: number }[];
}

/** Reads the answer of the usage call. Of a day without calls Marketo may have nothing to tell. */
export function readUsage([row]: readonly JsonObject[]): CountedCalls {
  const { date, total, users: told } = row ?? {};
  const rows: readonly unknown[] = Array.isArray(told) ? told : [];
  const users = rows.filter(isJsonObject).map(({ userId, count }) => ({
    userId: String(userId),
    count: countOf(count),
  }));
  return {
    ...(typeof date === 'string' ? { date: date.slice(0, 10) } : {}),
    used: total === undefined ? users.reduce((sum, { count }) => sum + count, 0) : countOf(total),
    users: users.sort((a, b) => b.count - a.count),
  };
}

/** What rules and people see of it. */
export function figuresOf(
  { munchkinId, dailyCalls: limit }: MarketoDestination,
  { used, users }: CountedCalls,
  forecastAtMidnight: number,
): UsageFigures {
  const shares = users
    .slice(0, MOST_USERS)
    .map(({ userId, count }) => ({ userId, count, percent: percentOf(count, used) }));
  const [topUser] = shares;
  return {
    munchkinId,
    used,
    ...(limit === undefined ? {} : { limit, percent: percentOf(used, limit) }),
    forecastAtMidnight,
    ...(limit === undefined ? {} : { forecastPercent: percentOf(forecastAtMidnight, limit) }),
    ...(topUser === undefined ? {} : { topUser }),
    users: shares,
  };
}

function countOf(value: unknown): number {
  const count = Number(value);
  return Number.isFinite(count) && count > 0 ? Math.floor(count) : 0;
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1_000) / 10;
}
