import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../contracts/clock.js';
import type { MarketoDestination } from '../contracts/connections.js';
import type { Priority } from '../contracts/effect.js';
import { Failure, transient } from '../contracts/failure.js';
import type { Metrics } from '../observability/metrics.js';
import { heldBack } from './budget/obstacles.js';
import type { CallBudget, Said } from './call-budget.js';
import type { MarketoAnswer, MarketoCall, MarketoClient } from './marketo-client.js';

/** Who has to wait longer than this comes again later. */
const SHORT_MS = 1_000;
/** And so does who has asked so often. */
const MOST_ASKED = 50;
/** The most that waiting for a call adds to an attempt, milliseconds. */
export const BUDGET_TIME_MS = 15_000;
/** A token that has to be renewed makes the call set out twice. */
const LEASE_MARGIN_MS = 10_000;

const LIMITS: ReadonlyMap<string, Said> = new Map([
  ['marketo.606', '606'],
  ['marketo.607', '607'],
  ['marketo.615', '615'],
]);

/** What a call is for, as long as it waits. */
export interface CallPurpose {
  /** An action kind, `look-up` or `usage`. */
  readonly kind: string;
  /** May rise while it waits. */
  readonly priority: () => Priority;
  /** The longest that the call may take, milliseconds. */
  readonly timeoutMs: number;
}

/** Every call to Marketo, made within the budget of its instance. */
export class MarketoCalls {
  constructor(
    private readonly client: MarketoClient,
    private readonly budget: Pick<CallBudget, 'take' | 'giveBack'>,
    private readonly metrics: Pick<Metrics, 'marketoCalls' | 'marketoRecords'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the call that `prepare` describes, which is asked when it can set out and no sooner. Short waits are waited for.
   * Throws a `Failure`: that of the call, or one that says why there is none now and when to come again.
   */
  async make(
    instance: MarketoDestination,
    purpose: CallPurpose,
    prepare: () => MarketoCall,
    signal?: AbortSignal,
  ): Promise<MarketoAnswer> {
    await this.client.authorise(instance);
    const lease = await this.granted(instance, purpose, signal);
    let said: Said = '';
    try {
      const call = prepare();
      this.metrics.marketoRecords.inc(labels(instance, purpose), call.records ?? 1);
      const answer = await this.client.call(instance, call);
      said = 'done';
      this.count(instance, purpose, 'done');
      return answer;
    } catch (error) {
      said = (error instanceof Failure ? LIMITS.get(error.code) : undefined) ?? '';
      this.count(instance, purpose, 'failed');
      throw error;
    } finally {
      await this.budget.giveBack(instance, lease, said);
    }
  }

  private async granted(
    instance: MarketoDestination,
    purpose: CallPurpose,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const leaseMs = purpose.timeoutMs + LEASE_MARGIN_MS;
    for (let asked = 1; ; asked += 1) {
      const priority = purpose.priority();
      const grant = await this.budget.take(instance, { kind: purpose.kind, priority, leaseMs });
      if ('lease' in grant) return grant.lease;
      const now = this.clock.now();
      const waitMs = grant.until - now;
      if (waitMs > SHORT_MS || asked === MOST_ASKED) {
        this.count(instance, purpose, 'no-budget');
        throw heldBack(instance, priority, grant, now);
      }
      await pause(Math.max(waitMs, 1), undefined, signal === undefined ? {} : { signal }).catch(
        () => undefined,
      );
      if (signal?.aborted === true)
        throw transient('http.timeout', 'Marketo was not called: the time of the attempt was up');
    }
  }

  private count(instance: MarketoDestination, purpose: CallPurpose, outcome: string): void {
    this.metrics.marketoCalls.inc({ ...labels(instance, purpose), outcome });
  }
}

function labels({ munchkinId }: MarketoDestination, { kind }: CallPurpose) {
  return { instance: munchkinId, kind };
}
