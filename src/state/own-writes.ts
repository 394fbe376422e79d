import { Injectable } from '@nestjs/common';
import type { ChainableCommander, Redis } from 'ioredis';
import { hashOf } from '../contracts/hash-of.js';
import { BatchClosed } from '../contracts/memory.js';
import type { NotedWrite, OwnActivity } from '../contracts/own-write.js';
import { memoKey, ownerKey, STORED_KEY } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { KEEP_MEMO_MS } from './flow-limits.js';
import { MARK_LENGTH, NOTE_WRITE, WITHDRAW_WRITE } from './own-writes-script.js';
import { RECOGNISE, SCREEN } from './recognise-writes-script.js';

/** An event of which it may be asked whether a write of ours made it. */
export interface Echo {
  readonly eventId: string;
  /** Of the lead whom it is about. */
  readonly owner: string;
  /** Worked out only where something was written to the lead. */
  readonly detail: () => EchoDetail;
}

export interface EchoDetail {
  /** When it happened, epoch milliseconds. */
  readonly time: number;
  /** What it tells, where a write of ours could make such an activity. */
  readonly activity?: OwnActivity | undefined;
  /** What of that may differ soon after the write: nothing; the value; either that or what it is about, not both. */
  readonly leeway: 'none' | 'value' | 'either';
  /** A smart campaign did it and no write of ours, but what was written shortly before may have led to it. */
  readonly byCampaign: boolean;
}

/** `made`: the write made the event; else it only went before. */
export interface WriteBehind extends Omit<NotedWrite, 'activities' | 'since'> {
  readonly made: boolean;
}

/** Events of one script: while it runs Redis answers nobody else. */
const AT_ONCE = 500;

type Found =
  readonly [] | readonly [made: string, effect: string, rule: string, event: string, depth: string];

const LEEWAYS = { none: 0, value: 1, either: 2 } as const;

interface OwnWriteCommands extends Redis {
  noteWrite(key: string, ...args: (string | number)[]): Promise<null>;
  withdrawWrite(key: string, effectId: string): Promise<null>;
}

interface OwnWritePipeline extends ChainableCommander {
  screenOwners(memo: string, stored: string, ...args: (string | number)[]): this;
  recogniseWrites(memo: string, stored: string, ...args: (string | number)[]): this;
}

/** What was written to leads of late, in the hashes of their owners, so that it goes with them when they are erased. */
@Injectable()
export class OwnWrites {
  private readonly redis: OwnWriteCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('noteWrite', { numberOfKeys: 1, lua: NOTE_WRITE });
    redis.defineCommand('withdrawWrite', { numberOfKeys: 1, lua: WITHDRAW_WRITE });
    redis.defineCommand('screenOwners', { numberOfKeys: 2, lua: SCREEN });
    redis.defineCommand('recogniseWrites', { numberOfKeys: 2, lua: RECOGNISE });
    this.redis = redis as OwnWriteCommands;
  }

  /** To be called before the write is made, at each attempt. `at`: epoch milliseconds. */
  async note(owner: string, write: NotedWrite, at: number): Promise<void> {
    const { effectId, ruleId, eventId, depth, activities, since = at } = write;
    const tokens = activities.map(tokenOf).join('');
    await this.redis.noteWrite(ownerKey(owner), effectId, ruleId, eventId, depth, at, tokens, since);
  }

  /** It was not made: nothing comes back, and nobody can answer it. */
  async withdraw(owner: string, effectId: string): Promise<void> {
    await this.redis.withdrawWrite(ownerKey(owner), effectId);
  }

  /**
   * Says for each event, in order, which write is behind it: in one round trip where nothing was written to any of the leads,
   * else in two. A batch that asks again is answered the same, until it is closed.
   * @throws BatchClosed when it is.
   */
  async behind(batch: string, echoes: readonly Echo[]): Promise<(WriteBehind | undefined)[]> {
    const places = await this.ask<number[]>('screenOwners', batch, echoes, ({ owner }) => [owner]);
    const written = places.flatMap((some, part) => some.map((place) => part * AT_ONCE + place - 1));
    const asked = written.map((index) => echoes[index] as Echo);
    const answers = (await this.ask<Found[]>('recogniseWrites', batch, asked, argumentsOf)).flat();
    const found: (WriteBehind | undefined)[] = echoes.map(() => undefined);
    for (const [at, index] of written.entries()) found[index] = writeOf(answers[at] ?? []);
    return found;
  }

  /** What the script answers to each part of the events, in one round trip. */
  private async ask<T>(
    script: 'screenOwners' | 'recogniseWrites',
    batch: string,
    echoes: readonly Echo[],
    argumentsFor: (echo: Echo) => readonly (string | number)[],
  ): Promise<T[]> {
    if (echoes.length === 0) return [];
    const pipeline = this.redis.pipeline() as OwnWritePipeline;
    for (let from = 0; from < echoes.length; from += AT_ONCE) {
      const some = echoes.slice(from, from + AT_ONCE).flatMap(argumentsFor);
      pipeline[script](memoKey(batch), STORED_KEY, batch, KEEP_MEMO_MS, ...some);
    }
    return ((await pipeline.exec()) ?? []).map(([error, answer]) => {
      if (error) throw error;
      if (answer === null) throw new BatchClosed(`Batch ${batch} was seen through by another run.`);
      return answer as T;
    });
  }
}

function argumentsOf({ eventId, owner, detail }: Echo): (string | number)[] {
  const { time, activity, leeway, byCampaign } = detail();
  const token = activity === undefined ? '' : tokenOf(activity);
  return [eventId, owner, time, token, LEEWAYS[leeway], Number(byCampaign)];
}

function writeOf(found: Found): WriteBehind | undefined {
  if (found.length === 0) return undefined;
  const [made, effectId, ruleId, eventId, depth] = found;
  return { made: made === '1', effectId, ruleId, eventId, depth: Number(depth) };
}

/** Four hashes: of the whole activity, of it without its value, of it without what it is about, and of its type alone. */
function tokenOf({ type, what, value }: OwnActivity): string {
  const parts = [[type, what, value], [type, what], [type, '', value], [type]];
  return parts.map((part) => hashOf(JSON.stringify(part), MARK_LENGTH)).join('');
}
