import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { hashOf } from '../contracts/hash-of.js';
import type { Encounter, Met } from '../contracts/loop.js';
import { BatchClosed } from '../contracts/memory.js';
import { loopKey, memoKey, STORED_KEY } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { KEEP_MEMO_MS } from './flow-limits.js';
import { MEET, VOLLEYS_FIELD } from './loops-script.js';

export interface MetInRedis extends Met {
  /** How often the two were stopped since people were told of them; 0 while it is not time to tell again. */
  readonly stopsToTell: number;
}

type Answer = readonly [stopped: 0 | 1, times: number, since: number, until: number, toTell: number];

interface LoopCommands extends Redis {
  meetLoops(memo: string, stored: string, ...args: (string | number)[]): Promise<Answer[] | null>;
}

/** Who answers whom, in the hashes of the leads over whom they do. */
@Injectable()
export class Loops {
  private readonly redis: LoopCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('meetLoops', { numberOfKeys: 2, lua: MEET });
    this.redis = redis as LoopCommands;
  }

  /**
   * Answers every encounter, in order, in one round trip; a batch that asks again as before, until it is closed.
   * @throws BatchClosed when it is.
   */
  async meet(batch: string, encounters: readonly Encounter[]): Promise<MetInRedis[]> {
    if (encounters.length === 0) return [];
    const asked = encounters.flatMap(argumentsOf);
    const answers = await this.redis.meetLoops(memoKey(batch), STORED_KEY, batch, KEEP_MEMO_MS, ...asked);
    if (answers === null) throw new BatchClosed(`Batch ${batch} was seen through by another run.`);
    return answers.map(([stopped, times, since, until, stopsToTell]) => {
      return { stopped: stopped === 1, times, since, until, stopsToTell };
    });
  }
}

function argumentsOf({
  id,
  ruleId,
  munchkinId,
  type,
  time,
  lead,
  ...encounter
}: Encounter): (string | number)[] {
  const { kind, name } = encounter.with;
  const other = kind === 'campaign' ? (encounter.with.campaignId ?? name) : name;
  const pair = hashOf(JSON.stringify([munchkinId?.toUpperCase() ?? '', ruleId, kind, other]), 16);
  const field = kind === 'campaign' ? VOLLEYS_FIELD + hashOf(JSON.stringify([ruleId, other, type]), 8) : '';
  return [id, lead?.owner ?? '', field, ruleId, time, loopKey(pair)];
}
