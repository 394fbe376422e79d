import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ACTION_SCHEMAS } from '../actions/action-schemas.js';
import type { Action, Attempt } from '../actions/action.js';
import { Actions } from '../actions/actions.js';
import { CONNECTIONS } from '../config/app-config.js';
import { OWN_SOURCE } from '../contracts/batch.js';
import type { Connections, Destination, OwnDestination } from '../contracts/connections.js';
import type { Effect, Receipt } from '../contracts/effect.js';
import { Failure, permanent, postponed, transient } from '../contracts/failure.js';
import { EffectLedger, type Claim, type Settlement } from './effect-ledger.js';
import { ExclusiveTurns } from './exclusive-turns.js';

/** What became of an effect in this attempt. */
export type Delivered =
  | { readonly outcome: 'done'; readonly receipt: Receipt }
  /** It had been done before; nothing was sent. */
  | { readonly outcome: 'repeated' }
  /** An attempt may have reached the target, and the rule's author chose not to risk a second. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/** Time for the ledger to hear of an attempt that used all of its own. */
const LEASE_MARGIN_MS = 5_000;

/** Sends one effect, once: claim in the ledger, send, settle. Throws a `Failure` when it was not done. */
@Injectable()
export class Deliverer {
  constructor(
    private readonly actions: Actions,
    private readonly ledger: EffectLedger,
    private readonly turns: ExclusiveTurns,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  /** `lastTry`: a failure now is final, unless it names a time to try again. */
  async deliver(effect: Effect, lastTry: boolean): Promise<Delivered> {
    const action = this.actions.get(effect.type);
    const destination = this.destination(effect);
    const token = randomUUID();
    const claim = await this.ledger.claim(effect.id, token, leaseOf(action));
    const over = await this.alreadyOver(effect, claim, token);
    if (over !== undefined) return over;
    const uncertain = claim.verdict === 'interrupted';
    try {
      const attempt = {
        effect,
        destination,
        signal: AbortSignal.timeout(action.timeoutMs),
        trace: { sent: () => undefined, answered: () => undefined },
      };
      const plan = 'plan' in claim ? claim.plan : undefined;
      const receipt = await this.send(action, plan === undefined ? attempt : { ...attempt, plan }, uncertain);
      await this.ledger.settle(effect, token, 'done', receipt.summary);
      return { outcome: 'done', receipt };
    } catch (error) {
      return await this.settleFailure(effect, token, asFailure(error), { lastTry, uncertain });
    }
  }

  /** To be said of an effect whose job becomes a dead letter. */
  async giveUp(effect: Effect): Promise<void> {
    await this.ledger.giveUp(effect);
  }

  /** The connections file may have changed since the effect was decided. */
  private destination({ to, type }: Effect): Destination | OwnDestination {
    const destination = this.connections.destinations[to];
    const kind = ACTION_SCHEMAS.get(type)?.destination;
    if (kind === OWN_SOURCE) return { kind };
    if (destination !== undefined && destination.kind === kind) return destination;
    throw permanent('connection.missing', `No ${kind ?? ''} connection named "${to}" is configured.`);
  }

  private async alreadyOver(effect: Effect, claim: Claim, token: string): Promise<Delivered | undefined> {
    switch (claim.verdict) {
      case 'done':
        return { outcome: 'repeated' };
      case 'unknown':
        return { outcome: 'unknown', reason: 'left alone after an earlier attempt' };
      case 'busy':
        throw postponed('effect.busy', 'Another worker is sending this effect.', claim.until);
      case 'interrupted':
        if (!this.mustNotRepeat(effect)) return undefined;
        return await this.leaveUnknown(effect, token, 'the worker stopped while it was sending');
      case 'go':
        return undefined;
    }
  }

  private async send(action: Action, attempt: Attempt, uncertain: boolean): Promise<Receipt> {
    const { effect } = attempt;
    const turn = { effect, key: action.exclusiveKey?.(effect), leaseMs: leaseOf(action), uncertain };
    return await this.turns.during(turn, async () => await action.send(await this.planned(action, attempt)));
  }

  private async settleFailure(
    effect: Effect,
    token: string,
    failure: Failure,
    { lastTry, uncertain }: { lastTry: boolean; uncertain: boolean },
  ): Promise<Delivered> {
    if (failure.outcomeUnknown && this.mustNotRepeat(effect)) {
      return await this.leaveUnknown(effect, token, failure.message);
    }
    const settlement = settlementOf(failure, lastTry, uncertain);
    await this.ledger.settle(effect, token, settlement, `${failure.code}: ${failure.message}`);
    throw failure;
  }

  private async planned(action: Action, attempt: Attempt): Promise<Attempt> {
    if (attempt.plan !== undefined || action.plan === undefined) return attempt;
    const plan = await action.plan(attempt);
    await this.ledger.keepPlan(attempt.effect.id, plan);
    return { ...attempt, plan };
  }

  private mustNotRepeat(effect: Effect): boolean {
    return effect.guarantee === 'at-most-once' && !this.actions.get(effect.type).repeatable;
  }

  private async leaveUnknown(effect: Effect, token: string, reason: string): Promise<Delivered> {
    await this.ledger.settle(effect, token, 'unknown', reason);
    return { outcome: 'unknown', reason };
  }
}

function leaseOf(action: Action): number {
  return action.timeoutMs + LEASE_MARGIN_MS;
}

/** Once an attempt may have reached the target, a later one that did not cannot take that back. */
function settlementOf(failure: Failure, lastTry: boolean, uncertain: boolean): Settlement {
  if (failure.outcomeUnknown || uncertain) return 'uncertain';
  return failure.isFinal(lastTry) ? 'failed' : 'waiting';
}

/** An action that throws something else has a defect; the effect is tried again and becomes a dead letter. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return transient('action.defect', message, { outcomeUnknown: true, cause: error });
}
