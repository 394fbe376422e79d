import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../../test/support/redis.js';
import type { Latency } from '../pace.js';
import { Load } from './load.js';
import { serve, type Served } from './processes.js';
import { Sink } from './sink.js';
import {
  EVENTS_A_BATCH,
  REMEMBERING_RULES,
  rememberingRuleFiles,
  RULES,
  ruleFiles,
  Workload,
} from './workload.js';

export interface LineFigures {
  readonly rules: number;
  readonly eventsPerSecond: number;
  readonly latencyMsAtHalfLoad: Latency;
}

export interface LineComparison {
  readonly signalman: LineFigures;
  /** With rules that remember. */
  readonly remembering: LineFigures;
  readonly naive: LineFigures;
  /** Signalman's events a second over the naive design's. */
  readonly ratio: number;
  /** Milliseconds from POST to durable answer, one event a POST. */
  readonly answersMs: Latency & { readonly perSecond: number };
}

interface Sizes {
  readonly warmUp: number;
  readonly capacity: number;
  readonly latency: number;
}

/** Batches sent in each phase; the naive design would need hours for ours. */
const OURS: Sizes = { warmUp: 200, capacity: 2_000, latency: 1_000 };

const SINGLES = 8_000;
const SINGLES_PER_SECOND = 2_000;

const NAIVE: Sizes = { warmUp: 2, capacity: 12, latency: 8 };

/** The whole line, signed POST to webhook sink, ours beside the naive design: same load, same sink, same Redis. */
export async function benchLine(): Promise<LineComparison> {
  const workload = new Workload();
  const sink = await Sink.start(workload.publicKey);
  const folder = mkdtempSync(join(tmpdir(), 'signalman-bench-'));
  const redis = await startRedis();
  try {
    const naiveApp = await startNaive(redis.url, sink);
    const naiveLoad = new Load(`${naiveApp.origin}/ingest`, sink);
    const naive = { rules: RULES, ...(await measure(naiveLoad, workload, NAIVE)) };
    await naiveApp.stop();
    const house = { folder, redisUrl: redis.url, sink, workload };
    const app = await startSignalman(house, ruleFiles());
    const load = new Load(`${app.origin}/ingest/adobe/bench`, sink);
    const signalman = { rules: RULES, ...(await measure(load, workload, OURS)) };
    const answers = await load.answers(workload.singles(SINGLES, 'single'), SINGLES_PER_SECOND);
    await app.stop();
    const rememberer = await startSignalman(house, rememberingRuleFiles());
    const rememberingLoad = new Load(`${rememberer.origin}/ingest/adobe/bench`, sink);
    const remembering = { rules: REMEMBERING_RULES, ...(await measure(rememberingLoad, workload, OURS)) };
    await rememberer.stop();
    if (sink.duplicates > 0) throw new Error(`${sink.duplicates} effects arrived twice`);
    const ratio = signalman.eventsPerSecond / naive.eventsPerSecond;
    return { signalman, remembering, naive, ratio, answersMs: { ...answers, perSecond: SINGLES_PER_SECOND } };
  } finally {
    await sink.close();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(load: Load, workload: Workload, sizes: Sizes): Promise<Omit<LineFigures, 'rules'>> {
  await load.capacity(workload.batches(sizes.warmUp, 'warm'));
  const eventsPerSecond = await load.capacity(workload.batches(sizes.capacity, 'full'));
  const half = workload.batches(sizes.latency, 'half');
  const latencyMsAtHalfLoad = await load.latency(half, eventsPerSecond / 2 / EVENTS_A_BATCH);
  return { eventsPerSecond, latencyMsAtHalfLoad };
}

async function startNaive(redisUrl: string, sink: Sink): Promise<Served> {
  return await serve(join(import.meta.dirname, 'naive-app.js'), '/ready', {
    REDIS_URL: redisUrl,
    SINK: sink.origin,
  });
}

/** What every Signalman of a run shares. */
interface House {
  readonly folder: string;
  readonly redisUrl: string;
  readonly sink: Sink;
  readonly workload: Workload;
}

async function startSignalman(
  { folder, redisUrl, sink, workload }: House,
  files: Readonly<Record<string, string>>,
): Promise<Served> {
  const rules = mkdtempSync(join(folder, 'rules-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(rules, name), text);
  const connections = join(folder, 'connections.json');
  writeFileSync(
    connections,
    JSON.stringify({
      sources: { bench: { kind: 'adobe', clientId: workload.clientId, keyOrigin: sink.origin } },
      destinations: {
        sink: {
          kind: 'webhook',
          url: `${sink.origin}/`,
          secret: { env: 'BENCH_WEBHOOK_SECRET' },
          allowPrivateAddresses: true,
        },
      },
    }),
  );
  return await serve(join(import.meta.dirname, '../../src/main.js'), '/health/ready', {
    REDIS_URL: redisUrl,
    SIGNALMAN_DATA: join(folder, 'data'),
    SIGNALMAN_RULES: rules,
    SIGNALMAN_CONNECTIONS: connections,
    BENCH_WEBHOOK_SECRET: `whsec_${Buffer.from('a secret of the bench, 32 bytes.').toString('base64')}`,
    NODE_ENV: 'production',
  });
}
