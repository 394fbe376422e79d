import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ChainableCommander, Redis } from 'ioredis';
import {
  BatchClosed,
  type LogChange,
  type LogsBefore,
  type LogTouch,
  type MemoryRequest,
  type MemoryStore,
} from '../contracts/memory.js';
import { DUE_KEY, ERASED_KEY, memoKey, ownerKey, REMEMBER_MS, STORED_KEY } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { APPEND_TO_LOG, END_OWNERS, REPLACE_BEGINNING, TOUCH_LOGS } from './memory-script.js';

/** As long as the bodies of a batch are kept. */
const KEEP_MEMO_MS = 30 * 24 * 3_600_000;

/** Touches of one script: while it runs Redis answers nobody else. */
const AT_ONCE = 500;

type Argument = string | number | Buffer;

interface MemoryCommands extends Redis {
  endOwners(dueKey: string, erasedKey: string, ...args: Argument[]): Promise<null>;
}

interface MemoryPipeline extends ChainableCommander {
  touchLogsBuffer(memoKey: string, storedKey: string, ...args: Argument[]): this;
  appendToLog(key: string, field: string, records: Buffer, keepMs: number): this;
  replaceBeginning(key: string, field: string, beginning: Buffer, by: Buffer): this;
}

/** Memory in Redis: a hash an owner. The memo of a batch goes with its claims, when it is closed. */
@Injectable()
export class RedisMemory implements MemoryStore {
  private readonly redis: MemoryCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('touchLogs', { numberOfKeys: 2, lua: TOUCH_LOGS });
    redis.defineCommand('endOwners', { numberOfKeys: 2, lua: END_OWNERS });
    redis.defineCommand('appendToLog', { numberOfKeys: 1, lua: APPEND_TO_LOG });
    redis.defineCommand('replaceBeginning', { numberOfKeys: 1, lua: REPLACE_BEGINNING });
    this.redis = redis as MemoryCommands;
  }

  /** Takes a second round trip where anybody was merged or erased. */
  async exchange(batch: string, { touches, merges, erasures }: MemoryRequest): Promise<LogsBefore> {
    const before = await this.touch(batch, touches);
    const ends = [
      ...merges.flatMap(({ into, from }) => from.flatMap((owner) => [owner, into])),
      ...erasures.flatMap((owner) => [owner, '']),
    ];
    // Not before every touch has surely been made: an owner that has ended takes nothing.
    for (let from = 0; from < ends.length; from += 2 * AT_ONCE)
      await this.redis.endOwners(
        DUE_KEY,
        ERASED_KEY,
        REMEMBER_MS,
        Date.now(),
        ...ends.slice(from, from + 2 * AT_ONCE),
      );
    return before;
  }

  async improve(changes: readonly LogChange[]): Promise<void> {
    if (changes.length === 0) return;
    const pipeline = this.redis.pipeline() as MemoryPipeline;
    for (const change of changes) {
      const key = ownerKey(change.owner);
      if (change.kind === 'append') pipeline.appendToLog(key, change.field, change.records, change.keepMs);
      else pipeline.replaceBeginning(key, change.field, change.beginning, change.by);
    }
    await answersOf(pipeline);
  }

  private async touch(batch: string, touches: readonly LogTouch[]): Promise<LogsBefore> {
    if (touches.length === 0) return [];
    const order = [...touches.entries()].sort(([, a], [, b]) => compare(a.owner, b.owner));
    const asking = `memory:${randomUUID()}:`;
    const pipeline = this.redis.pipeline() as MemoryPipeline;
    for (let from = 0; from < order.length; from += AT_ONCE) {
      const some = order.slice(from, from + AT_ONCE).map(([, touch]) => touch);
      pipeline.touchLogsBuffer(
        memoKey(batch),
        STORED_KEY,
        batch,
        asking,
        from,
        KEEP_MEMO_MS,
        ...argumentsOf(some),
      );
    }
    const told = (await answersOf(pipeline)) as ((Buffer | null)[] | null)[];
    if (told.includes(null)) throw new BatchClosed(`Batch ${batch} was seen through by another run.`);
    const answers = told.flatMap((some) => some ?? []);
    const before: (Buffer | undefined)[] = touches.map(() => undefined);
    for (const [at, [index]] of order.entries()) before[index] = answers[at] ?? undefined;
    return before;
  }
}

/** What `TOUCH_LOGS` wants of touches of which those of an owner stand together. */
function argumentsOf(touches: readonly LogTouch[]): Argument[] {
  const owners = new Map<string, LogTouch[]>();
  for (const touch of touches) {
    const own = owners.get(touch.owner);
    if (own === undefined) owners.set(touch.owner, [touch]);
    else own.push(touch);
  }
  return [...owners].flatMap(([owner, own]) => [
    owner,
    Math.max(...own.map(({ keepMs }) => keepMs)),
    own.length,
    ...own.flatMap(({ field, append = '' }) => [field, append]),
  ]);
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

async function answersOf(pipeline: ChainableCommander): Promise<unknown[]> {
  return ((await pipeline.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}
