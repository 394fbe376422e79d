import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Tally } from '../contracts/tally.js';
import { QUEUE_PREFIX, REMEMBER_MS } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { TALLY_ONCE, tallyArguments } from './batch-scripts.js';

interface TallyCommands extends Redis {
  tallyOnce(...args: (string | number)[]): Promise<0 | 1>;
}

/** Tallies of what comes of a batch when it is closed already, each made once however often it is asked for. */
@Injectable()
export class LateTallies {
  private readonly redis: TallyCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('tallyOnce', { lua: TALLY_ONCE });
    this.redis = redis as TallyCommands;
  }

  /** `id`: of what is tallied. */
  async make(id: string, tallies: readonly Tally[]): Promise<void> {
    if (tallies.length === 0) return;
    const { keys, args } = tallyArguments(tallies);
    const mark = `${QUEUE_PREFIX}:tallied:${id}`;
    await this.redis.tallyOnce(keys.length + 1, mark, ...keys, REMEMBER_MS, ...args);
  }
}
