import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Attempt } from '../actions/action.js';
import { Actions } from '../actions/actions.js';
import { CONNECTIONS } from '../config/app-config.js';
import type { Connections } from '../contracts/connections.js';
import type { Effect, Receipt } from '../contracts/effect.js';
import { Failure, permanent, retryAt, transient } from '../contracts/failure.js';
import type { JsonObject } from '../contracts/json.js';
import { Locks } from '../state/locks.js';
import { EffectLedger } from './effect-ledger.js';

/** What became of an effect in this attempt. */
export type Delivered =
  | { readonly outcome: 'done'; readonly receipt: Receipt }
  /** It had been done before; nothing was sent. */
  | { readonly outcome: 'repeated' }
  /** An attempt may have reached the target, and the rule's author chose not to risk a second. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/** Time for the ledger to hear of an attempt that used all of its own. */
const LEASE_MARGIN_MS = 5_000;
const EXCLUSIVE_RETRY_MS = 250;

/** Sends one effect, once: claim in the ledger, send, settle. Throws a `Failure` when it was not done. */
@Injectable()
export class Deliverer {
  constructor(
    private readonly actions: Actions,
    private readonly ledger: EffectLedger,
    private readonly locks: Locks,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  /** `lastTry`: a failure now is final, whatever it says of retrying. */
  async deliver(effect: Effect, lastTry: boolean): Promise<Delivered> {
    const action = this.actions.get(effect.type);
    const destination = this.connections.destinations[effect.to];
    if (destination === undefined) {
      throw permanent('connection.missing', `No connection named "${effect.to}" is configured.`);
    }
    const token = randomUUID();
    const leaseMs = action.timeoutMs + LEASE_MARGIN_MS;
    const exclusive = action.exclusiveKey?.(effect);
    if (exclusive !== undefined && !(await this.locks.acquire(exclusive, token, leaseMs))) {
      throw retryAt(
        'effect.exclusive',
        `Another effect on ${exclusive} is under way.`,
        Date.now() + EXCLUSIVE_RETRY_MS,
      );
    }
    try {
      const claim = await this.ledger.claim(effect.id, token, leaseMs);
      switch (claim.verdict) {
        case 'done':
          return { outcome: 'repeated' };
        case 'unknown':
          return { outcome: 'unknown', reason: 'decided in an earlier attempt' };
        case 'busy':
          throw retryAt('effect.busy', 'Another worker is sending this effect.', claim.until);
        case 'interrupted':
          if (this.mustNotRepeat(effect)) {
            return await this.leaveUnknown(effect, token, 'the worker stopped while it was sending');
          }
      }
      const attempt = { effect, destination, signal: AbortSignal.timeout(action.timeoutMs) };
      return await this.send(claim.plan ? { ...attempt, plan: claim.plan } : attempt, token, lastTry);
    } finally {
      if (exclusive !== undefined) await this.locks.release(exclusive, token);
    }
  }

  private async send(attempt: Attempt, token: string, lastTry: boolean): Promise<Delivered> {
    const { effect } = attempt;
    let receipt: Receipt;
    try {
      const plan = attempt.plan ?? (await this.makePlan(attempt));
      receipt = await this.actions.get(effect.type).send(plan === undefined ? attempt : { ...attempt, plan });
    } catch (error) {
      return await this.settleFailure(effect, token, asFailure(error), lastTry);
    }
    await this.ledger.settle(effect.id, token, 'done', receipt.summary);
    return { outcome: 'done', receipt };
  }

  private async settleFailure(
    effect: Effect,
    token: string,
    failure: Failure,
    lastTry: boolean,
  ): Promise<Delivered> {
    if (failure.outcomeUnknown && this.mustNotRepeat(effect)) {
      return await this.leaveUnknown(effect, token, failure.message);
    }
    const final = failure.retry.kind === 'never' || (failure.retry.kind === 'backoff' && lastTry);
    await this.ledger.settle(
      effect.id,
      token,
      final ? 'failed' : 'waiting',
      `${failure.code}: ${failure.message}`,
    );
    throw failure;
  }

  private async makePlan(attempt: Attempt): Promise<JsonObject | undefined> {
    const plan = await this.actions.get(attempt.effect.type).plan?.(attempt);
    if (plan !== undefined) await this.ledger.keepPlan(attempt.effect.id, plan);
    return plan;
  }

  private mustNotRepeat(effect: Effect): boolean {
    return effect.guarantee === 'at-most-once' && !this.actions.get(effect.type).repeatable;
  }

  private async leaveUnknown(effect: Effect, token: string, reason: string): Promise<Delivered> {
    await this.ledger.settle(effect.id, token, 'unknown', reason);
    return { outcome: 'unknown', reason };
  }
}

/** An action that throws something else has a defect; the effect is tried again and becomes a dead letter. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return transient('action.defect', message, { outcomeUnknown: true, cause: error });
}
