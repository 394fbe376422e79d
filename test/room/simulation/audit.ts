import type { Redis } from 'ioredis';
import { effectId } from '../../../src/contracts/effect-id.js';
import type { JournalEntry } from '../../../src/journal/journal-entry.js';
import { ACTIONS_QUEUE } from '../../../src/queues/queue-names.js';
import { BACKLOG_KEY, QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { idOf } from './adobe.js';
import type { Simulation } from './simulation.js';
import { RULE, type World } from './world.js';

/** What must hold, and whether it does. */
type Check = [problem: string, holds: boolean];

/** What is wrong when all is over; nothing, as it should be. */
export async function audit(world: World, simulation: Simulation): Promise<string[]> {
  const decided = await decisionsOf(world.redis);
  const made = new Set([
    ...simulation.what.deliveries.flatMap(({ activities }) => activities.map(idOf)),
    ...simulation.what.journal.map(({ activity }) => idOf(activity)),
  ]);
  const count = await totals(world.redis, `${QUEUE_PREFIX}:ledger:*`, 2);
  const effects = await world.jobsIn(ACTIONS_QUEUE);
  const expected = decided.map((id) => effectId(RULE.id, id, 0));
  const received = count('webhook') + count('journal');
  const fates = count('decided') + count('history') + count('duplicates') + count('quarantined');
  const checks: Check[] = [
    ...[...simulation.owed].map((id): Check => [`${id} was taken and never decided`, decided.includes(id)]),
    ...decided.map((id): Check => [`${id} was decided and never made`, made.has(id)]),
    [`decisions twice in the journal: ${decided.join(', ')}`, new Set(decided).size === decided.length],
    [
      `${count('decided')} decided in the ledger, ${decided.length} events were`,
      count('decided') === decided.length,
    ],
    [`effects ${effects.join(', ')} instead of ${expected.join(', ')}`, sameSet(effects, expected)],
    [
      `${count('effects')} effects in the ledger, ${effects.length} are queued`,
      count('effects') === effects.length,
    ],
    [`${received} received, ${fates} came to something`, received === fates],
    ...(await leftOver(world)),
  ];
  return checks.filter(([, holds]) => !holds).map(([problem]) => problem);
}

async function decisionsOf(redis: Redis): Promise<string[]> {
  const rows = await redis.xrange('signalman:decisions', '-', '+');
  return rows.map(([, fields]) => {
    const entry = JSON.parse(fields[1] ?? '') as Extract<JournalEntry, { kind: 'decision' }>;
    return entry.decision.eventId;
  });
}

/** Sums over all hashes of a pattern, by one part of the names of their fields. */
async function totals(redis: Redis, pattern: string, part: number): Promise<(name: string) => number> {
  const sums = new Map<string, number>();
  for (const key of await redis.keys(pattern))
    for (const [field, value] of Object.entries(await redis.hgetall(key))) {
      const name = field.split('|')[part] ?? '';
      sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
  return (name) => sums.get(name) ?? 0;
}

/** Nothing stays of any batch that counted as stored; what never did goes by itself. */
async function leftOver({ redis }: World): Promise<Check[]> {
  const stored = await redis.hkeys(`${QUEUE_PREFIX}:stored`);
  const bodies: string[] = [];
  for (const key of await redis.keys(`${QUEUE_PREFIX}:body:*`))
    if ((await redis.ttl(key)) === -1) bodies.push(key);
  const { bytes = '0', batches = '0' } = await redis.hgetall(BACKLOG_KEY);
  const deliveries = await totals(redis, `${QUEUE_PREFIX}:deliveries:*`, 1);
  const [accepted, seen] = [deliveries('accepted'), deliveries('seen')];
  return [
    [`batches were not ended: ${stored.join(', ')}`, stored.length === 0],
    [`bodies were left: ${bodies.join(', ')}`, bodies.length === 0],
    [`${bytes} bytes and ${batches} batches are the backlog of nothing`, bytes === '0' && batches === '0'],
    [`${accepted} deliveries accepted, ${seen} seen`, accepted === seen],
  ];
}

function sameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && new Set([...some, ...others]).size === some.length;
}
