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

  /** Of each thing its id and its tallies; all of them in one round trip. */
  async make(things: readonly (readonly [id: string, tallies: readonly Tally[]])[]): Promise<void> {
    const made = things
      .filter(([, tallies]) => tallies.length > 0)
      .map(([id, tallies]) => {
        const { keys, args } = tallyArguments(tallies);
        const mark = `${QUEUE_PREFIX}:tallied:${id}`;
        return this.redis.tallyOnce(keys.length + 1, mark, ...keys, REMEMBER_MS, ...args);
      });
    await Promise.all(made);
  }
}
