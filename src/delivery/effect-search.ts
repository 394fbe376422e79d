import { Injectable } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { type EffectFilter, matchesEntry } from './effect-filter.js';
import { EffectPages, type Place } from './effect-pages.js';
import type { LedgerEntry } from './ledger-entry.js';

/** One search takes no longer than this, or little longer; the next goes on from where it stopped. */
const PATIENCE_MS = 2_000;

export interface Found {
  /** The effect that changed last first. */
  readonly entries: readonly LedgerEntry[];
  /** To be given for what comes after; undefined when there is no more. */
  readonly cursor?: string;
}

const CURSOR = /^(\d{1,16})-(e[0-9a-f]{32})$/;

/** True for what a search gave as `cursor`. */
export function isCursor(text: string): boolean {
  return CURSOR.test(text);
}

/** Finds effects in the ledger. */
@Injectable()
export class EffectSearch {
  private readonly pages: EffectPages;

  constructor(connections: RedisConnections) {
    this.pages = new EffectPages(connections.forWorkers());
  }

  /**
   * At most `limit`. It may find fewer and yet give a cursor, where it had to go through many: then there may be more.
   * `cursor`: of an earlier search with the same filter.
   */
  async search(filter: EffectFilter, limit: number, cursor?: string): Promise<Found> {
    // The ledger knows nothing of those.
    if (filter.outcome === 'queued') return { entries: [] };
    const deadline = Date.now() + PATIENCE_MS;
    const found: LedgerEntry[] = [];
    let place = placeOf(cursor);
    do {
      const { rows, next } = await this.pages.page(filter.until ?? systemClock.now(), place);
      for (const { entry, place: own } of rows) {
        if (own.at < (filter.since ?? 0)) return { entries: found };
        if (!matchesEntry(entry, filter)) continue;
        found.push(entry);
        if (found.length === limit) return { entries: found, cursor: cursorOf(own) };
      }
      if (next === undefined) return { entries: found };
      place = next;
    } while (Date.now() < deadline);
    return { entries: found, cursor: cursorOf(place) };
  }
}

function placeOf(cursor: string | undefined): Place | undefined {
  const [, at, id] = CURSOR.exec(cursor ?? '') ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id };
}

function cursorOf({ id, at }: Place): string {
  return `${at}-${id}`;
}
