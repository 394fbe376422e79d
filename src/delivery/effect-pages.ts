import type { Redis } from 'ioredis';
import { effectKey, INDEX_KEY } from './ledger/ledger-keys.js';
import { ENTRY_FIELDS, type LedgerEntry, readEntry } from './ledger-entry.js';

/** Entries of one round trip; most are of a few kB. */
const AT_ONCE = 200;

/** Where a page ends: what stands after it was changed earlier, or is the one of the same time with the lower id. */
export interface Place {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly id: string;
}

export interface EffectPage {
  readonly rows: readonly { readonly place: Place; readonly entry: LedgerEntry }[];
  /** Undefined at the end. */
  readonly next?: Place;
}

/** Goes through the ledger a page at a time, the effect that changed last first. */
export class EffectPages {
  constructor(private readonly redis: Redis) {}

  /** @param until epoch milliseconds; @param after where the page before it ended. What changes meanwhile may be missed. */
  async page(until: number, after?: Place): Promise<EffectPage> {
    const members = after === undefined ? await this.read(until, 0) : await this.readAfter(after);
    const last = members.at(-1);
    return { rows: await this.rows(members), ...(last === undefined ? {} : { next: last }) };
  }

  /** Many may have changed in the same millisecond, so those that came before are known by their ids. */
  private async readAfter({ at, id }: Place): Promise<Place[]> {
    for (let offset = 0; ; offset += AT_ONCE) {
      const members = await this.read(at, offset);
      const later = members.filter((each) => each.at < at || each.id < id);
      if (later.length > 0 || members.length === 0) return later;
    }
  }

  private async read(until: number, offset: number): Promise<Place[]> {
    const range = ['WITHSCORES', 'LIMIT', offset, AT_ONCE] as const;
    const flat = await this.redis.zrevrangebyscore(INDEX_KEY, until, '-inf', ...range);
    return Array.from({ length: flat.length / 2 }, (_, i) => ({
      id: flat[2 * i] ?? '',
      at: Number(flat[2 * i + 1]),
    }));
  }

  /** Without those whose texts went meanwhile. */
  private async rows(members: readonly Place[]): Promise<EffectPage['rows']> {
    const pipeline = this.redis.pipeline();
    for (const { id } of members) pipeline.hmget(effectKey(id), ...ENTRY_FIELDS);
    const answers = (await pipeline.exec()) ?? [];
    return members.flatMap((place, index) => {
      const [error, values] = answers[index] ?? [];
      if (error) throw error;
      const entry = readEntry(place.id, (values ?? []) as (string | null)[]);
      return entry === undefined ? [] : { place, entry };
    });
  }
}
