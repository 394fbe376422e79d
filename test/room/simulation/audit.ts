import type { Redis } from 'ioredis';
import type { Decision } from '../../../src/contracts/decision.js';
import { effectId } from '../../../src/contracts/effect-id.js';
import { FLOW_MARK } from '../../../src/contracts/memory.js';
import type { JournalEntry } from '../../../src/journal/journal-entry.js';
import { BACKLOG_KEY, OWNER_PREFIX, QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { decodeEntries } from '../../../src/rules/memory/log-records.js';
import { idOf } from './adobe.js';
import type { Simulation } from './simulation.js';
import { CALM_MS, CALM_RULE, RULE, type World } from './world.js';

/** What must hold, and whether it does. */
type Check = [problem: string, holds: boolean];

/** What is wrong when all is over; nothing, as it should be. */
export async function audit(world: World, simulation: Simulation): Promise<string[]> {
  const decisions = await decisionsOf(world.redis);
  const decided = decisions.filter(({ ruleId }) => ruleId === RULE.id).map(({ eventId }) => eventId);
  const made = new Set([
    ...simulation.what.deliveries.flatMap(({ activities }) => activities.map(idOf)),
    ...simulation.what.journal.map(({ activity }) => idOf(activity)),
  ]);
  const count = await totals(world.redis, `${QUEUE_PREFIX}:ledger:*`, 2);
  const effects = await world.effects();
  const fired = decisions.filter(({ outcome }) => outcome === 'fired');
  const expected = fired.map(({ ruleId, eventId }) => effectId(ruleId, eventId, 0));
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
    ...(await memoryChecks(world, simulation, decided)),
    ...calmChecks(decisions, decided, times(simulation)),
    ...(await leftOver(world)),
  ];
  return checks.filter(([, holds]) => !holds).map(([problem]) => problem);
}

async function decisionsOf(redis: Redis): Promise<Decision[]> {
  const rows = await redis.xrange('signalman:decisions', '-', '+');
  return rows.map(([, fields]) => {
    const entry = JSON.parse(fields[1] ?? '') as Extract<JournalEntry, { kind: 'decision' }>;
    return entry.decision;
  });
}

/** When each activity was, by the id of its event. */
function times({ what }: Simulation): ReadonlyMap<string, number> {
  const activities = [
    ...what.deliveries.flatMap((delivery) => delivery.activities),
    ...what.journal.map(({ activity }) => activity),
  ];
  return new Map(activities.map((activity) => [idOf(activity), activity.at]));
}

/** Every decided event was noted once, and each was told how many had been noted by then. */
async function memoryChecks(
  world: World,
  simulation: Simulation,
  decided: readonly string[],
): Promise<Check[]> {
  const timeOf = times(simulation);
  const wanted = decided.map((id) => timeOf.get(id) ?? Number.NaN).sort((a, b) => a - b);
  const noted: number[] = [];
  for (const key of await world.redis.keys(`${OWNER_PREFIX}*`))
    for (const [field, bytes] of Object.entries(await world.redis.hgetallBuffer(key)))
      if (!field.startsWith(FLOW_MARK))
        noted.push(
          ...decodeEntries('times', bytes).flatMap(({ time, count }) => Array<number>(count).fill(time)),
        );
  const told = await Promise.all((await world.effects()).map((id) => world.effectOf(id)));
  const wrong = told
    .filter(({ ruleId }) => ruleId === RULE.id)
    .filter(({ eventId, params }) => {
      const { count } = params['body'] as { readonly count: unknown };
      const at = timeOf.get(eventId) ?? Number.NaN;
      return !(Number(count) >= 1 && Number(count) <= wanted.filter((time) => time <= at).length);
    });
  const memos = await world.redis.keys(`${QUEUE_PREFIX}:memo:*`);
  return [
    [
      `noted ${noted.join(', ')} instead of ${wanted.join(', ')}`,
      sameList(
        noted.sort((a, b) => a - b),
        wanted,
      ),
    ],
    [`counts that cannot be: ${JSON.stringify(wrong.map(({ params }) => params))}`, wrong.length === 0],
    [`memos of closed batches: ${memos.join(', ')}`, memos.length === 0],
  ];
}

/** Of every event the throttle says once whether it acts, and those that act are far enough apart. */
function calmChecks(
  decisions: readonly Decision[],
  decided: readonly string[],
  timeOf: ReadonlyMap<string, number>,
): Check[] {
  const calm = decisions.filter(({ ruleId }) => ruleId === CALM_RULE.id);
  const fired = calm
    .filter(({ outcome }) => outcome === 'fired')
    .map(({ eventId }) => timeOf.get(eventId) ?? 0);
  const sorted = [...fired].sort((a, b) => a - b);
  const tooClose = sorted.filter((time, index) => time - (sorted[index - 1] ?? -CALM_MS) < CALM_MS);
  const ids = calm.map(({ eventId }) => eventId);
  return [
    [`the throttle answered for ${ids.join(', ')} instead of ${decided.join(', ')}`, sameSet(ids, decided)],
    [`fired too soon: ${tooClose.join(', ')}`, tooClose.length === 0],
  ];
}

function sameList(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
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
