import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Clock } from '../../src/contracts/clock.js';
import type { JsonObject } from '../../src/contracts/json.js';
import { type PusherCredentials, PusherToken } from './marketo-pusher-token.js';
import { ReceivedLog } from '../../src/sandbox/received-log.js';

export interface PusherOptions {
  /** `https://host/ingest/marketo/<source>`. */
  readonly url: string;
  /** The subscription that it speaks for. */
  readonly munchkinId: string;
  readonly credentials: PusherCredentials;
  /** Of everything but the time-out, which is of the real time. */
  readonly clock: Clock;
  /** Marketo's 20 seconds unless told otherwise. */
  readonly timeoutMs?: number;
}

/** What became of one attempt, and what followed from it. */
export interface PushNote {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly what: 'delivered' | 'failed' | 'paused' | 'resumed' | 'dropped';
  /** The status, or why there was none. */
  readonly detail: string;
}

interface Queued {
  readonly activity: JsonObject;
  readonly at: number;
}

interface Push {
  readonly messageId: string;
  readonly queued: readonly Queued[];
}

/** Marketo's batches hold 100 to 500; whether fewer wait for others is not documented, and here they do not. */
const MOST_IN_A_BATCH = 500;
const PUSH_EVERY_MS = 2_000;
const RETRY_EVERY_MS = 3 * 60_000;
const RETRIES = 3;
const KEEP_MS = 7 * 24 * 3_600_000;

/**
 * Marketo's own direct push of one subscription, as its documentation tells: a batch every two seconds, twenty seconds
 * for an answer, three retries three minutes apart, then a pause in which it tries every three minutes until it works
 * again, and a queue of seven days. It has no timer: `step` does what is due by its clock.
 */
export class MarketoPusher {
  readonly notes = new ReceivedLog<PushNote>(100_000);
  private readonly agent = new Agent();
  private readonly token: PusherToken;
  private queue: Queued[] = [];
  private push: Push | undefined;
  private failures = 0;
  private dueAt: number;

  constructor(private readonly options: PusherOptions) {
    this.token = new PusherToken(options.credentials, options.clock, this.agent);
    this.dueAt = options.clock.now();
  }

  enqueue(...activities: readonly JsonObject[]): void {
    const at = this.options.clock.now();
    for (const activity of activities) this.queue.push({ activity, at });
  }

  /** Activities that were not delivered yet. */
  get waiting(): number {
    return this.queue.length + (this.push?.queued.length ?? 0);
  }

  get paused(): boolean {
    return this.failures > RETRIES;
  }

  /** When `step` has something to do next, epoch milliseconds. */
  get nextDueAt(): number {
    return this.dueAt;
  }

  /** Makes the attempt that is due, if one is. */
  async step(): Promise<void> {
    const now = this.options.clock.now();
    if (now < this.dueAt) return;
    this.dropOld(now);
    this.push ??= this.nextPush();
    this.dueAt = now + PUSH_EVERY_MS;
    if (this.push === undefined) return;
    const outcome = await this.attempt(this.push);
    if (outcome === '200') this.delivered(now);
    else this.failed(now, outcome);
  }

  /** Lets go of the connections. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private delivered(at: number): void {
    this.notes.add({ at, what: 'delivered', detail: String(this.push?.queued.length) });
    if (this.paused) this.notes.add({ at, what: 'resumed', detail: '' });
    this.push = undefined;
    this.failures = 0;
  }

  private failed(at: number, detail: string): void {
    this.notes.add({ at, what: 'failed', detail });
    this.failures += 1;
    if (this.failures === RETRIES + 1) this.notes.add({ at, what: 'paused', detail });
    this.dueAt = at + RETRY_EVERY_MS;
  }

  private dropOld(now: number): void {
    const kept = (queued: Queued): boolean => now - queued.at < KEEP_MS;
    const before = this.waiting;
    this.queue = this.queue.filter(kept);
    if (this.push !== undefined) {
      const queued = this.push.queued.filter(kept);
      this.push = queued.length === 0 ? undefined : { ...this.push, queued };
    }
    if (this.waiting < before)
      this.notes.add({ at: now, what: 'dropped', detail: String(before - this.waiting) });
  }

  private nextPush(): Push | undefined {
    const queued = this.queue.splice(0, MOST_IN_A_BATCH);
    return queued.length === 0 ? undefined : { messageId: randomUUID(), queued };
  }

  /** The status of the answer, or why there was none. After 401 it gets a new token and tries once more at once. */
  private async attempt(push: Push): Promise<string> {
    try {
      const status = await this.post(push);
      if (status !== 401 || !this.token.renews) return String(status);
      this.token.forget();
      return String(await this.post(push));
    } catch (error) {
      return (error as Error).message;
    }
  }

  private async post({ messageId, queued }: Push): Promise<number> {
    const { url, munchkinId, clock, timeoutMs = 20_000 } = this.options;
    const authorization = await this.token.header();
    const { statusCode, body } = await request(url, {
      method: 'POST',
      dispatcher: this.agent,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({
        sourceApplication: 'Marketo',
        munchkinId,
        messageId,
        messageCreatedDate: new Date(clock.now()).toISOString(),
        activities: queued.map(({ activity }) => activity),
      }),
    });
    await body.dump();
    return statusCode;
  }
}
