import { setTimeout as pause } from 'node:timers/promises';
import type { MarketoDestination } from '../contracts/connections.js';
import { Failure, transient } from '../contracts/failure.js';
import type { JsonObject } from '../contracts/json.js';
import type { CallPurpose, MarketoCalls } from './marketo-calls.js';

/** Marketo answers reads within two seconds or so; who waits for knowledge waits no longer than it takes to ask again. */
const ATTEMPT_MS = 5_000;
const PAUSE_MS = 200;

/** What a read is for: looking leads up, or the usage of the day, by which everything else goes. */
export type ReadPurpose = 'look-up' | 'usage';

/** What is read, in one call. */
export interface Read {
  readonly path: string;
  readonly purpose: ReadPurpose;
  /** How many records it is about; 1 unless given. */
  readonly records?: number;
}

/** Reads from Marketo within the budget of calls. A failure that may pass is met by one more try. */
export class MarketoReads {
  constructor(
    private readonly calls: MarketoCalls,
    private readonly attemptMs = ATTEMPT_MS,
  ) {}

  /**
   * The rows of a GET. Throws a `Failure`: that of the last try, or of the budget. The end of `signal` ends the call under
   * way.
   */
  async read(instance: MarketoDestination, read: Read, signal: AbortSignal): Promise<readonly JsonObject[]> {
    try {
      return await this.attempt(instance, read, signal);
    } catch (error) {
      if (!(error instanceof Failure && error.retry.kind === 'backoff')) throw error;
      await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
    return this.attempt(instance, read, signal);
  }

  private async attempt(
    instance: MarketoDestination,
    { path, purpose: kind, records = 1 }: Read,
    signal: AbortSignal,
  ): Promise<readonly JsonObject[]> {
    if (signal.aborted) throw transient('http.timeout', 'Marketo was not asked: the time for it was up');
    const timeoutMs = this.attemptMs;
    const priority = kind === 'usage' ? 'high' : 'normal';
    const purpose: CallPurpose = { kind, timeoutMs, priority: () => priority };
    const call = { method: 'GET', path, records, timeoutMs, signal } as const;
    return (await this.calls.make(instance, purpose, () => call, signal)).rows;
  }
}
