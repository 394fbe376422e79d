import { Pool } from 'undici';
import { type Latency, paced, quantiles } from '../pace.js';
import type { Sink } from './sink.js';
import { EVENTS_A_BATCH, type SignedBatch } from './workload.js';

/** Requests under way at once: enough to keep both cores busy. */
const IN_FLIGHT = 16;
const CONNECTIONS = 64;

/** Sends batches to one URL and watches their effects come out at the sink. */
export class Load {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(
    url: string,
    private readonly sink: Sink,
  ) {
    const { origin, pathname } = new URL(url);
    this.pool = new Pool(origin, { connections: CONNECTIONS });
    this.path = pathname;
  }

  /** Sends as fast as answers come; events a second from the first POST to the last effect. */
  async capacity(batches: readonly SignedBatch[]): Promise<number> {
    const started = performance.now();
    const queue = batches.values();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        for (const batch of queue) await this.post(batch);
      }),
    );
    await this.sink.all(batches.flatMap(({ firing }) => firing));
    return (batches.length * EVENTS_A_BATCH * 1000) / (performance.now() - started);
  }

  /** Sends the requests again and again for a time, so many under way at once; answered requests. */
  async flood(
    requests: readonly SignedBatch[],
    inFlight: number,
    forMs: number,
  ): Promise<{ readonly sent: number; readonly perSecond: number }> {
    const started = performance.now();
    let sent = 0;
    const one = async (): Promise<void> => {
      while (performance.now() - started < forMs)
        await this.post(requests[sent++ % requests.length] as SignedBatch);
    };
    await Promise.all(Array.from({ length: inFlight }, one));
    return { sent, perSecond: (sent * 1_000) / (performance.now() - started) };
  }

  /** Sends at a fixed rate, whatever the answers do; milliseconds from POST to sink of each effect. */
  async latency(batches: readonly SignedBatch[], batchesPerSecond: number): Promise<Latency> {
    const sent = new Map<string, number>();
    await paced(batches, batchesPerSecond, async (batch, due) => {
      for (const marker of batch.firing) sent.set(marker, due);
      await this.post(batch);
    });
    await this.sink.all([...sent.keys()]);
    return quantiles([...sent].map(([marker, at]) => (this.sink.arrivals.get(marker) ?? Infinity) - at));
  }

  /** Sends at a fixed rate; milliseconds from POST to answer of each request. */
  async answers(requests: readonly SignedBatch[], perSecond: number): Promise<Latency> {
    const times: number[] = [];
    await paced(requests, perSecond, async (single, due) => {
      await this.post(single);
      times.push(performance.now() - due);
    });
    return quantiles(times);
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async post({ body, headers }: SignedBatch): Promise<void> {
    const answer = await this.pool.request({ method: 'POST', path: this.path, headers, body });
    await answer.body.dump();
    if (answer.statusCode >= 300) throw new Error(`the door answered ${answer.statusCode}`);
  }
}
