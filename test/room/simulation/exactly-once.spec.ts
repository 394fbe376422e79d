import { Logger } from '@nestjs/common';
import type { StoredBatch } from '../../../src/contracts/batch.js';
import type { LogsBefore, MemoryRequest } from '../../../src/contracts/memory.js';
import type { Tally } from '../../../src/contracts/tally.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { OrphanedBatches } from '../../../src/queues/orphaned-batches.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { SeenEvents } from '../../../src/state/seen-events.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { audit } from './audit.js';
import { Simulation } from './simulation.js';
import { type Parts, SOUND, World } from './world.js';

/** The seed of the first run; the others count on from it. */
const SEED = Number(process.env['SIGNALMAN_SEED'] ?? Date.now() % 1_000_000_007);
const RUNS = Number(process.env['SIGNALMAN_RUNS'] ?? 2_000);
/** Runs at once, each on a database of its own: most of a run is waiting for Redis. */
const LANES = 4;
/** Faults that we make ourselves are found in far less. */
const ENOUGH = 600;

interface Finding {
  readonly seed: number;
  readonly problems: readonly string[];
}

describe('Whatever comes, however often, and wherever we die', () => {
  let redis: RedisForTest;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await startRedis({ durable: false });
  });
  afterAll(async () => {
    await redis.stop();
  });

  /** The first run that goes wrong. */
  async function search(from: number, runs: number, parts?: Parts): Promise<Finding | undefined> {
    const seeds = Array.from({ length: runs }, (_, i) => from + i).values();
    let found: Finding | undefined;
    const lane = async (number: number): Promise<void> => {
      const world = await World.start(`${redis.url}/${number}`, parts);
      for (const seed of seeds) {
        const problems = await runOne(world, seed);
        if (problems.length > 0) found ??= { seed, problems };
        if (found !== undefined) break;
      }
      world.stop();
    };
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
    return found;
  }

  async function runOne(world: World, seed: number): Promise<string[]> {
    await world.redis.flushdb();
    const simulation = new Simulation(world, seed);
    await simulation.run();
    return audit(world, simulation);
  }

  it(`every event is decided exactly once (${RUNS} runs, SIGNALMAN_SEED=${SEED})`, async () => {
    const found = await search(SEED, RUNS);
    process.stdout.write(`Simulation: ${RUNS} runs from SIGNALMAN_SEED=${SEED}\n`);
    if (found === undefined) return;
    const again = `SIGNALMAN_SEED=${found.seed} SIGNALMAN_RUNS=1`;
    throw new Error(`It went wrong; again with ${again}:\n${found.problems.join('\n')}`);
  }, 600_000);

  describe('and it would be noticed', () => {
    it.each<[string, Parts]>([
      ['if nothing were remembered', { ...SOUND, seen: (...args) => new Forgetful(...args) }],
      [
        'if a batch did not know its own claims again',
        { ...SOUND, seen: (...args) => new Estranged(...args) },
      ],
      [
        'if a batch were counted first and ended then',
        { ...SOUND, bodies: (client) => new TwoSteps(client) },
      ],
      ['if a batch were ended before it was counted', { ...SOUND, bodies: (client) => new Hasty(client) }],
      ['if no batch were given its job back', { ...SOUND, orphans: (...args) => new Abandoned(...args) }],
      [
        'if memory did not know a batch again',
        { ...SOUND, memory: (connections) => new Scatterbrained(connections) },
      ],
    ])('%s', async (_what, parts) => {
      expect(await search(1, ENOUGH, parts)).toBeDefined();
    });
  });
});

class Forgetful extends SeenEvents {
  override claim(...[, events]: Parameters<SeenEvents['claim']>): Promise<boolean[]> {
    return Promise.resolve(events.map(() => true));
  }
}

class Estranged extends SeenEvents {
  private calls = 0;

  override claim(...[owner, events]: Parameters<SeenEvents['claim']>): Promise<boolean[]> {
    this.calls += 1;
    return super.claim(`${owner}-${this.calls}`, events);
  }
}

class Scatterbrained extends RedisMemory {
  private calls = 0;

  override exchange(batch: string, request: MemoryRequest): Promise<LogsBefore> {
    this.calls += 1;
    // Under the name of a wait, of which nobody asks whether it is stored.
    return super.exchange(`${batch}|${this.calls}`, request);
  }
}

const NO_BATCH: StoredBatch = {
  v: 1,
  source: 'io',
  kind: 'adobe',
  route: 'webhook',
  mode: 'live',
  receivedAt: '2026-05-04T10:00:00.000Z',
  lengths: [1],
};

class Abandoned extends OrphanedBatches {
  override async heal(): Promise<void> {
    // Nobody cares.
  }
}

class TwoSteps extends BatchBodies {
  override async finish(jobId: string, tallies: readonly Tally[]): Promise<void> {
    const counted = `counted-${jobId}`;
    await this.put(counted, NO_BATCH, [Buffer.from('x')], []);
    await super.finish(counted, tallies);
    await super.finish(jobId, []);
  }
}

class Hasty extends BatchBodies {
  override async finish(jobId: string, tallies: readonly Tally[]): Promise<void> {
    await super.finish(jobId, []);
    const counted = `counted-${jobId}`;
    await this.put(counted, NO_BATCH, [Buffer.from('x')], []);
    await super.finish(counted, tallies);
  }
}
