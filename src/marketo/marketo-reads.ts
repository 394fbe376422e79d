import { setTimeout as pause } from 'node:timers/promises';
import type { MarketoDestination } from '../contracts/connections.js';
import { Failure, transient } from '../contracts/failure.js';
import type { JsonObject } from '../contracts/json.js';
import type { Metrics } from '../observability/metrics.js';
import type { MarketoClient } from './marketo-client.js';
import type { ReadBudget, ReadPurpose } from './read-budget.js';

/** Marketo answers reads within two seconds or so; who waits for knowledge waits no longer than it takes to ask again. */
const ATTEMPT_MS = 5_000;
const PAUSE_MS = 200;
/** A call more is what an instance with too many calls at once needs least. */
const TOO_MANY_AT_ONCE = 'marketo.615';

/** Reads from Marketo within the budget of reads. A failure that may pass is met by one more try. */
export class MarketoReads {
  constructor(
    private readonly client: MarketoClient,
    private readonly budget: ReadBudget,
    private readonly metrics: Pick<Metrics, 'marketoReads'>,
    private readonly attemptMs = ATTEMPT_MS,
  ) {}

  /**
   * The rows of a GET of `path`. Throws a `Failure`: that of the last try, or of the budget. The end of `signal` ends
   * the call under way.
   */
  async read(
    instance: MarketoDestination,
    path: string,
    purpose: ReadPurpose,
    signal: AbortSignal,
  ): Promise<readonly JsonObject[]> {
    try {
      return await this.attempt(instance, path, purpose, signal);
    } catch (error) {
      if (!mayPass(error)) throw error;
      await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
    return this.attempt(instance, path, purpose, signal);
  }

  private async attempt(
    instance: MarketoDestination,
    path: string,
    purpose: ReadPurpose,
    signal: AbortSignal,
  ): Promise<readonly JsonObject[]> {
    if (signal.aborted) throw transient('http.timeout', 'Marketo was not asked: the time for it was up');
    const count = this.metrics.marketoReads;
    const labels = { instance: instance.munchkinId, purpose };
    try {
      await this.budget.take(instance, purpose);
    } catch (error) {
      if (error instanceof Failure) count.inc({ ...labels, outcome: 'no-budget' });
      throw error;
    }
    try {
      const call = { method: 'GET', path, timeoutMs: this.attemptMs, signal } as const;
      const rows = await this.client.call(instance, call);
      count.inc({ ...labels, outcome: 'done' });
      return rows;
    } catch (error) {
      count.inc({ ...labels, outcome: 'failed' });
      // Marketo said when to come back, to all who read from it.
      if (error instanceof Failure && error.retry.kind === 'at')
        await this.budget.pause(instance, error.retry.at);
      throw error;
    }
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof Failure && error.retry.kind === 'backoff' && error.code !== TOO_MANY_AT_ONCE;
}
