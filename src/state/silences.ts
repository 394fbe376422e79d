import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { permanent } from '../contracts/failure.js';
import { nearest } from '../contracts/nearest.js';
import type { Silence } from '../contracts/silence.js';
import { QUEUE_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { checkNewSilence, type NewSilence } from './new-silence.js';

/** Id → the silence as JSON. */
const KEY = `${QUEUE_PREFIX}:rule-silences`;

/** So many that have not ended; more of them are for the rules' own `mode`. */
export const MOST_SILENCES = 500;

/** One that has ended can be looked up for so long. */
const KEEP_MS = 7 * 24 * 3_600_000;

/** What one process knows of the silences is at most so old. */
const FRESH_MS = 1_000;

/** The silences that people set. `now` is the time of the clock, epoch milliseconds. */
@Injectable()
export class Silences {
  private readonly redis: Redis;
  /** By their JSON. */
  private parsed: ReadonlyMap<string, Silence> = new Map();
  private known: { readonly at: number; readonly silences: Promise<readonly Silence[]> } | undefined;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  /**
   * Other processes heed it within a second, this one at once.
   * @throws Failure `silence.invalid` with what to give; `silence.too_many`.
   */
  async add(wanted: NewSilence, now: number): Promise<Silence> {
    const silence: Silence = { id: randomBytes(5).toString('hex'), ...checkNewSilence(wanted, now) };
    const all = await this.read();
    if (all.filter((each) => !isOver(each, now)).length >= MOST_SILENCES)
      throw permanent('silence.too_many', `There are ${MOST_SILENCES} silences: end some of them first.`);
    const forgotten = all.filter((each) => isOver(each, now - KEEP_MS)).map(({ id }) => id);
    if (forgotten.length > 0) await this.redis.hdel(KEY, ...forgotten);
    await this.write(silence);
    return silence;
  }

  /** @throws Failure `silence.unknown` with the nearest id; `silence.over` when it has ended before. */
  async end(id: string, now: number): Promise<Silence> {
    const text = await this.redis.hget(KEY, id);
    if (text === null) throw await this.unknown(id);
    const silence = JSON.parse(text) as Silence;
    if (isOver(silence, now)) throw permanent('silence.over', `Silence ${id} ended at ${silence.until}.`);
    const ended = { ...silence, until: new Date(now).toISOString() };
    await this.write(ended);
    return ended;
  }

  /** All that hold, are to hold, or have ended in the last seven days; the oldest first. */
  async list(now: number): Promise<Silence[]> {
    const kept = (await this.read()).filter((silence) => !isOver(silence, now - KEEP_MS));
    return kept.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  /**
   * Those that may hold, for whoever asks often: Redis is asked once a second at most, so one or the other may have
   * ended since.
   */
  async current(now: number): Promise<readonly Silence[]> {
    if (this.known === undefined || Math.abs(now - this.known.at) >= FRESH_MS)
      this.known = { at: now, silences: this.readCurrent(now) };
    return await this.known.silences;
  }

  private async readCurrent(now: number): Promise<readonly Silence[]> {
    try {
      return (await this.read()).filter((silence) => !isOver(silence, now));
    } catch (error) {
      this.known = undefined;
      throw error;
    }
  }

  /** What is still the same is the same object: what was worked out of its window holds on. */
  private async read(): Promise<Silence[]> {
    const texts = await this.redis.hvals(KEY);
    const { parsed } = this;
    this.parsed = new Map(texts.map((text) => [text, parsed.get(text) ?? (JSON.parse(text) as Silence)]));
    return [...this.parsed.values()];
  }

  private async write(silence: Silence): Promise<void> {
    await this.redis.hset(KEY, silence.id, JSON.stringify(silence));
    this.known = undefined;
  }

  private async unknown(id: string): Promise<Error> {
    const near = nearest(id, await this.redis.hkeys(KEY));
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    return permanent('silence.unknown', `There is no silence ${JSON.stringify(id)}.${hint}`);
  }
}

function isOver({ until }: Silence, now: number): boolean {
  return Date.parse(until) <= now;
}
