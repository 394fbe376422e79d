import { Pool } from 'undici';
import type { Sink } from './sink.js';
import { EVENTS_A_BATCH, type SignedBatch } from './workload.js';

/** Requests under way at once: enough to keep both cores busy. */
const IN_FLIGHT = 16;
const CONNECTIONS = 64;

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

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
    await this.paced(batches, batchesPerSecond, async (batch, due) => {
      for (const marker of batch.firing) sent.set(marker, due);
      await this.post(batch);
    });
    await this.sink.all([...sent.keys()]);
    return quantiles([...sent].map(([marker, at]) => (this.sink.arrivals.get(marker) ?? Infinity) - at));
  }

  /** Sends at a fixed rate; milliseconds from POST to answer of each request. */
  async answers(requests: readonly SignedBatch[], perSecond: number): Promise<Latency> {
    const times: number[] = [];
    await this.paced(requests, perSecond, async (single, due) => {
      await this.post(single);
      times.push(performance.now() - due);
    });
    return quantiles(times);
  }

  /** Starts one request every `1 / perSecond`, never waiting for an earlier one; a late start counts as waiting. */
  private async paced(
    requests: readonly SignedBatch[],
    perSecond: number,
    send: (request: SignedBatch, due: number) => Promise<void>,
  ): Promise<void> {
    const started = performance.now();
    const sends: Promise<void>[] = [];
    for (const [i, request] of requests.entries()) {
      const due = started + (i * 1000) / perSecond;
      const early = due - performance.now();
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
      sends.push(send(request, due));
    }
    await Promise.all(sends);
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

function quantiles(times: number[]): Latency {
  times.sort((a, b) => a - b);
  const at = (q: number): number => times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
