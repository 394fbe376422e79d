import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startRedis } from '../../test/support/redis.js';
import { Load } from '../line/load.js';
import type { Latency } from '../pace.js';
import { Sink } from '../line/sink.js';
import type { SignedBatch } from '../line/workload.js';
import { Deliveries } from './deliveries.js';
import { type Door, SERVERS, type ServerName, startDoor, type Surroundings } from './servers.js';

const ROUNDS = 3;
/** Long enough that what runs was compiled: many small requests, then some of those that are measured. */
const WARM_UP_MS = { singles: 4_000, same: 1_000 } as const;
const CAPACITY_MS = 3_000;
const HALF_LOAD_MS = 3_000;

/** What is sent: `made` deliveries again and again, so many under way at once. */
const SHAPES = {
  batches: { events: 250, made: 60, inFlight: 16 },
  singles: { events: 1, made: 2_000, inFlight: 64 },
} as const;
export type Shape = keyof typeof SHAPES;

type Made = Readonly<Record<Shape, readonly SignedBatch[]>>;

export interface DoorRow {
  readonly requestsPerSecond: number;
  readonly eventsPerSecond: number;
  /** Milliseconds from POST to answer, at half of what Signalman can take, for every server alike. */
  readonly halfLoadMs: Latency & { readonly perSecond: number };
  /** Milliseconds of processor a request at capacity; Redis' own are not in it. */
  readonly cpuMs: number;
  /** Resident megabytes at the end. */
  readonly rssMb: number;
}

export type DoorFigures = Readonly<Record<Shape, Readonly<Record<ServerName, DoorRow>>>>;

/**
 * Signalman's door beside bare servers that store the same bytes in the same Redis, which syncs its file before it
 * answers. They take turns; the round in the middle is shown.
 */
export async function benchDoor(): Promise<DoorFigures> {
  const deliveries = new Deliveries();
  const sink = await Sink.start(deliveries.publicKey);
  const folder = mkdtempSync(join(tmpdir(), 'signalman-bench-'));
  // Nothing drains here, and the bare servers have no back-pressure.
  const redis = await startRedis({ args: ['--maxmemory', '0'] });
  const around = { redisUrl: redis.url, folder, keyOrigin: sink.origin, deliveries };
  try {
    const made = {
      batches: deliveries.make(SHAPES.batches.made, SHAPES.batches.events),
      singles: deliveries.make(SHAPES.singles.made, SHAPES.singles.events),
    };
    const bench = (shape: Shape) => benchShape(shape, made, around, sink);
    return { batches: await bench('batches'), singles: await bench('singles') };
  } finally {
    await sink.close();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchShape(
  shape: Shape,
  made: Made,
  around: Surroundings,
  sink: Sink,
): Promise<Record<ServerName, DoorRow>> {
  const rounds: Record<ServerName, DoorRow>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    let half: number | undefined;
    const rows: [ServerName, DoorRow][] = [];
    for (const name of SERVERS) {
      await emptied(around.redisUrl);
      const door = await startDoor(name, around);
      const row = await measure(door, new Load(door.url, sink), shape, made, half);
      half ??= row.halfLoadMs.perSecond;
      rows.push([name, row]);
      await door.stop();
    }
    rounds.push(Object.fromEntries(rows) as Record<ServerName, DoorRow>);
  }
  return middle(rounds);
}

/** `half`: requests a second of the second part; half of what the first part came to unless given. */
async function measure(
  door: Door,
  load: Load,
  shape: Shape,
  made: Made,
  half: number | undefined,
): Promise<DoorRow> {
  const { events, inFlight } = SHAPES[shape];
  const requests = made[shape];
  await load.flood(made.singles, SHAPES.singles.inFlight, WARM_UP_MS.singles);
  await load.flood(requests, inFlight, WARM_UP_MS.same);
  const before = await door.usage();
  const { perSecond, sent } = await load.flood(requests, inFlight, CAPACITY_MS);
  const after = await door.usage();
  const paced = half ?? perSecond / 2;
  const count = Math.round((paced * HALF_LOAD_MS) / 1_000);
  const some = Array.from({ length: count }, (_, i) => requests[i % requests.length] as SignedBatch);
  const latency = await load.answers(some, paced);
  const { rss } = await door.usage();
  await load.close();
  return {
    requestsPerSecond: perSecond,
    eventsPerSecond: perSecond * events,
    halfLoadMs: { ...latency, perSecond: paced },
    cpuMs: (after.cpuMs - before.cpuMs) / sent,
    rssMb: rss / 1_048_576,
  };
}

/** Each server begins with an empty Redis; emptying it begins a new file. */
async function emptied(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.flushall();
  for (;;) {
    const info = await redis.info('persistence');
    if (/aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info)) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  redis.disconnect();
}

/** The round whose ratio is the middle one: its figures belong together. */
function middle(rounds: readonly Record<ServerName, DoorRow>[]): Record<ServerName, DoorRow> {
  const ratio = ({ signalman, bare }: Record<ServerName, DoorRow>): number =>
    signalman.requestsPerSecond / bare.requestsPerSecond;
  const sorted = [...rounds].sort((a, b) => ratio(a) - ratio(b));
  return sorted[Math.floor(sorted.length / 2)] as Record<ServerName, DoorRow>;
}
