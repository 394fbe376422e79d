import { claimsKey, REMEMBER_MS } from '../src/redis/keys.js';
import { RedisConnections } from '../src/redis/redis-connections.js';
import { SeenEvents } from '../src/state/seen-events.js';
import { startRedis } from '../test/support/redis.js';

const VOLUMES = [10_000, 50_000, 100_000, 500_000, 1_000_000, 2_000_000] as const;
const EVENTS_A_BATCH = 250;
const NOW = 1_000.5 * REMEMBER_MS;

/** What it costs to know an event again, when as many were seen in the ten days before. */
export interface SeenRow {
  /** Events of ten days. */
  readonly events: number;
  readonly bytesAnEvent: number;
  /** Hashing, the round trip of its batch and Redis; one batch after the other. */
  readonly microseconds: number;
  /** Redis's processor time. */
  readonly redisMicroseconds: number;
}

export async function benchSeen(): Promise<SeenRow[]> {
  // The append-only file is the matter of the whole line; here it would only add its own weight.
  const server = await startRedis({ durable: false });
  const connections = new RedisConnections(server.url);
  try {
    return await measure(connections);
  } finally {
    await connections.close();
    await server.stop();
  }
}

async function measure(connections: RedisConnections): Promise<SeenRow[]> {
  const redis = connections.forWorkers();
  let now = NOW;
  const seen = new SeenEvents(connections, { now: () => now });
  const claim = async (name: string, from: number, to: number): Promise<void> => {
    for (let at = from; at < to; at += EVENTS_A_BATCH) {
      const owner = `${name}-${at}`;
      const answers = await seen.claim(owner, idsOf(name, at, Math.min(to, at + EVENTS_A_BATCH)));
      if (answers.includes(false)) throw new Error(`${owner}: an event was taken for another`);
      await redis.unlink(claimsKey(owner));
    }
  };
  const info = async (section: string, name: string): Promise<number> =>
    Number(new RegExp(`${name}:([\\d.]+)`).exec(await redis.info(section))?.[1]);
  const processorTime = async (): Promise<number> =>
    (await info('cpu', 'used_cpu_user')) + (await info('cpu', 'used_cpu_sys'));

  await claim('warm-up', 0, 10_000);
  await redis.flushall();
  const empty = await info('memory', 'used_memory');
  const rows: SeenRow[] = [];
  let done = 0;
  for (const events of VOLUMES) {
    now = NOW - REMEMBER_MS;
    await claim('before', done, events);
    now = NOW;
    const [start, startProcessor] = [performance.now(), await processorTime()];
    await claim('now', done, events);
    const made = events - done;
    rows.push({
      events,
      bytesAnEvent: ((await info('memory', 'used_memory')) - empty) / (2 * events),
      microseconds: ((performance.now() - start) * 1_000) / made,
      redisMicroseconds: (((await processorTime()) - startProcessor) * 1_000_000) / made,
    });
    done = events;
  }
  return rows;
}

/** Ids of lead activities. */
function idsOf(name: string, from: number, to: number): { id: string }[] {
  return Array.from({ length: to - from }, (_, i) => ({
    id: `123-ABC-456:${name}-9876-a191-4567-${String(from + i).padStart(12, '0')}`,
  }));
}
