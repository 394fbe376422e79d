import { randomUUID } from 'node:crypto';
import type { Clock } from '../../contracts/clock.js';
import type { JsonObject } from '../../contracts/json.js';

/** Adobe keeps a journal for seven days. */
const KEPT_MS = 7 * 24 * 3_600_000;

export interface JournalEntry {
  readonly position: string;
  readonly event: JsonObject;
}

interface Kept extends JournalEntry {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What a registration's journal holds, oldest first. */
export class JournalBook {
  private entries: Kept[] = [];

  constructor(private readonly clock: Clock) {}

  append(events: readonly JsonObject[]): void {
    const at = this.clock.now();
    for (const event of events)
      this.entries.push({ position: `penguin:${randomUUID()}:${randomUUID()}`, event, at });
  }

  clear(): void {
    this.entries = [];
  }

  /** Everything that is left. */
  all(): readonly JournalEntry[] {
    this.forget();
    return this.entries;
  }

  /** Undefined when the position is not there, or not any more. */
  after(position: string): readonly JournalEntry[] | undefined {
    const all = this.all();
    const index = all.findIndex((entry) => entry.position === position);
    return index === -1 ? undefined : all.slice(index + 1);
  }

  /** What came at this instant or later. `from`: epoch milliseconds. */
  since(from: number): readonly JournalEntry[] {
    this.forget();
    return this.entries.filter(({ at }) => at >= from);
  }

  private forget(): void {
    const from = this.clock.now() - KEPT_MS;
    this.entries = this.entries.filter(({ at }) => at >= from);
  }
}
