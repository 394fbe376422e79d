import { randomBytes } from 'node:crypto';
import type { LogTouch } from '../src/contracts/memory.js';
import { memoKey, STORED_KEY } from '../src/redis/keys.js';
import { COMPACT_HASHES } from '../src/redis/embedded-redis.js';
import { RedisConnections } from '../src/redis/redis-connections.js';
import { RedisMemory } from '../src/state/redis-memory.js';
import { startRedis } from '../test/support/redis.js';

/** A quarter of a million fills the tables of Redis as a million does, so a lead takes the same. */
const LEADS = 250_000;
const LEADS_A_BATCH = 250;
/** One after the other: what one was told is dropped when it is seen through. */
const BATCH = 'batch';
const EVENTS_A_LEAD = 5;
const NOW = Date.parse('2026-11-01T00:00:00Z');
/** As long as the names of series. */
const FIELDS = ['opens-30', 'visit-30', 'forms-30'];
const KEEP_MS = 30 * 24 * 3_600_000;

/** What it costs to remember so many events of each lead in so many windows, a record of eight bytes in each. */
export interface MemoryRow {
  readonly windows: number;
  readonly eventsALead: number;
  readonly bytesALead: number;
  /** The round trip of its batch and Redis; one batch after the other. */
  readonly microseconds: number;
  /** Redis's processor time. */
  readonly redisMicroseconds: number;
  readonly eventsPerSecond: number;
}

export async function benchMemory(): Promise<MemoryRow[]> {
  // The append-only file is the matter of the whole line; here it would only add its own weight.
  const server = await startRedis({ durable: false, args: COMPACT_HASHES });
  const connections = new RedisConnections(server.url);
  try {
    return [...(await measure(connections, FIELDS.slice(0, 1))), ...(await measure(connections, FIELDS))];
  } finally {
    await connections.close();
    await server.stop();
  }
}

async function measure(connections: RedisConnections, windows: readonly string[]): Promise<MemoryRow[]> {
  const redis = connections.forWorkers();
  const memory = new RedisMemory(connections);
  const info = async (section: string, name: string): Promise<number> =>
    Number(new RegExp(`${name}:([\\d.]+)`).exec(await redis.info(section))?.[1]);
  const processorTime = async (): Promise<number> =>
    (await info('cpu', 'used_cpu_user')) + (await info('cpu', 'used_cpu_sys'));
  const note = async (owners: readonly string[]): Promise<void> => {
    for (let at = 0; at < owners.length; at += LEADS_A_BATCH) {
      const touches = owners.slice(at, at + LEADS_A_BATCH).flatMap((owner) => touchesOf(owner, windows));
      await memory.exchange(BATCH, { touches, merges: [], erasures: [] });
      await redis.unlink(memoKey(BATCH));
    }
  };

  await redis.hset(STORED_KEY, BATCH, '{}');
  await note(ownersOf(10_000));
  await redis.flushall();
  await redis.hset(STORED_KEY, BATCH, '{}');
  const empty = await info('memory', 'used_memory');
  const leads = ownersOf(LEADS);
  const rows: MemoryRow[] = [];
  for (let events = 1; events <= EVENTS_A_LEAD; events += 1) {
    const [start, startProcessor] = [performance.now(), await processorTime()];
    await note(leads);
    const milliseconds = performance.now() - start;
    rows.push({
      windows: windows.length,
      eventsALead: events,
      bytesALead: ((await info('memory', 'used_memory')) - empty) / LEADS,
      microseconds: (milliseconds * 1_000) / LEADS,
      redisMicroseconds: (((await processorTime()) - startProcessor) * 1_000_000) / LEADS,
      eventsPerSecond: (LEADS * 1_000) / milliseconds,
    });
  }
  await redis.flushall();
  return rows.filter(({ eventsALead }) => eventsALead === 1 || eventsALead === EVENTS_A_LEAD);
}

function ownersOf(count: number): string[] {
  return Array.from({ length: count }, () => randomBytes(12).toString('base64url'));
}

/** An event of the month before: when it was, and that it was one. */
function touchesOf(owner: string, windows: readonly string[]): LogTouch[] {
  const append = Buffer.alloc(8);
  append.writeUIntBE(NOW + Math.floor(Math.random() * KEEP_MS), 0, 6);
  append.writeUInt16BE(1, 6);
  return windows.map((field) => ({ owner, field, append, keepMs: KEEP_MS }));
}
