import type { Redis } from 'ioredis';
import type { Decision } from '../../../src/contracts/decision.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { laneQueueName } from '../../../src/queues/queue-names.js';
import { DUE_KEY, OWNER_PREFIX, QUEUE_PREFIX, STORED_KEY } from '../../../src/redis/keys.js';

/** The queue of the one destination of these tests. */
const LANE = `${QUEUE_PREFIX}:${laneQueueName('crm')}`;

/** The id of a passage, of which the name of a batch is a part: another each time. */
const PASSAGE = /(~k|"id":")[\w-]{16}/g;

/** What workers made of what came, to be read in Redis. */
export class Results {
  constructor(private readonly redis: Redis) {}

  async effectIds(): Promise<string[]> {
    return await this.redis.zrange(`${LANE}:prioritized`, '0', '-1');
  }

  async effects(): Promise<Effect[]> {
    const texts = (await this.effectIds()).map((id) => this.redis.hget(`${LANE}:${id}`, 'data'));
    return (await Promise.all(texts)).map((text) => JSON.parse(text ?? '') as Effect);
  }

  /** What they would tell, in the order in which they were queued. */
  async bodies(): Promise<unknown[]> {
    return (await this.effects()).map(({ params }) => params['body']);
  }

  async decisions(): Promise<Decision[]> {
    const rows = await this.redis.xrange('signalman:decisions', '-', '+');
    return rows.map(([, fields]) => (JSON.parse(fields[1] ?? '') as { decision: Decision }).decision);
  }

  async outcomes(): Promise<string[]> {
    return (await this.decisions()).map(({ outcome }) => outcome);
  }

  /** What the ledger of completeness adds up to, over all hours. */
  async counted(count = 'effects'): Promise<number> {
    let sum = 0;
    for (const key of await this.redis.keys(`${QUEUE_PREFIX}:ledger:*`))
      for (const [field, value] of Object.entries(await this.redis.hgetall(key)))
        if (field.endsWith(`|${count}`)) sum += Number(value);
    return sum;
  }

  /** Everything that there is to see when all is over, in an order that does not depend on who did it. */
  async all(): Promise<object> {
    const owners = await this.redis.keys(`${OWNER_PREFIX}*`);
    return {
      effects: (await this.effects()).map(({ id, params }) => `${id} ${String(params['body'])}`).sort(),
      decisions: (await this.decisions())
        .map((each) => `${each.ruleId} ${each.eventId} ${each.outcome} ${each.effects.join()}`)
        .sort(),
      counted: [await this.counted(), await this.counted('decided'), await this.counted('duplicates')],
      due: await this.redis.zcard(DUE_KEY),
      kept: (await Promise.all(owners.sort().map((key) => this.redis.hgetall(key)))).map((fields) =>
        Object.entries(fields)
          .map(([field, value]) => `${field} ${value}`.replace(PASSAGE, '$1'))
          .sort(),
      ),
      left: [...(await this.redis.keys(`${QUEUE_PREFIX}:memo:*`)), ...(await this.redis.hkeys(STORED_KEY))],
    };
  }
}
