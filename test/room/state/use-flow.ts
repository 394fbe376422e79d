import type { FlowStore, Passage, Passed } from '../../../src/contracts/flow.js';
import { STORED_KEY } from '../../../src/redis/keys.js';
import { MapFlow } from '../../../src/state/map-flow.js';
import { RedisFlow } from '../../../src/state/redis-flow.js';
import { useRedis } from '../../support/use-redis.js';
import { MINUTE, START } from './flow-passages.js';

/** The two that must answer the same. */
export const FLOWS = ['RedisFlow', 'MapFlow'] as const;

export interface UsedFlow {
  readonly flow: FlowStore;
  /** Each in a batch of its own. */
  readonly pass: (...passages: Passage[]) => Promise<readonly Passed[]>;
}

/** To be called in a `describe`: a flow in which nothing has passed, anew for each test. */
export function useFlow(name: (typeof FLOWS)[number]): UsedFlow {
  const redis = useRedis();
  let flow: FlowStore;
  let batches: number;
  beforeEach(() => {
    flow = name === 'MapFlow' ? new MapFlow() : new RedisFlow(redis.connections);
    batches = 0;
  });
  return {
    get flow() {
      return flow;
    },
    pass: async (...passages) => {
      const answers: Passed[] = [];
      for (const passage of passages) {
        const batch = `batch-${batches++}`;
        await redis.client.hset(STORED_KEY, batch, '{}');
        answers.push(...(await flow.pass(batch, [passage], passage.receivedAt)));
      }
      return answers;
    },
  };
}

export function kinds(answers: readonly Passed[]): string[] {
  return answers.map(({ kind }) => kind);
}

/** A minute of the scene, epoch milliseconds. */
export function at(minute: number): number {
  return START + minute * MINUTE;
}
