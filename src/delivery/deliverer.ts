import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Action } from '../actions/action.js';
import { Actions } from '../actions/actions.js';
import { systemClock } from '../contracts/clock.js';
import type { Effect, Receipt } from '../contracts/effect.js';
import { Failure, postponed } from '../contracts/failure.js';
import { briefFailure, briefReceipt } from './brief-answers.js';
import { EffectLedger } from './effect-ledger.js';
import { Gate, laneHeld, turnAwaited } from './gate/gate.js';
import { signOf } from './gate/lane-sign.js';
import { AttemptTrace } from './ledger/attempt-trace.js';
import type { Claim, Ending, Settlement } from './ledger-terms.js';
import { Sender } from './sender.js';

/** What became of an effect in this attempt. */
export type Delivered =
  /** `skipped`: the target had it so already. */
  | { readonly outcome: 'done' | 'skipped'; readonly receipt: Receipt }
  /** It was over before; nothing was sent. */
  | { readonly outcome: 'repeated' }
  /** An attempt may have reached the target, and the rule's author chose not to risk a second. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/** Time for the ledger to hear of an attempt that used all of its own. */
const LEASE_MARGIN_MS = 5_000;

/** A lease ends by the clock of Redis, which may be behind ours: who asked again at once would do so until it does. */
const BUSY_MS = 1_000;

/** An effect that a person has yet to release is looked at again after this time, if it is in the queue at all. */
const HELD_MS = 5_000;

/** What is the same from the claim of an attempt to its end. */
interface UnderWay {
  readonly effect: Effect;
  readonly token: string;
  readonly trace: AttemptTrace;
  /** An earlier attempt may have reached the target. */
  readonly uncertain: boolean;
  readonly lastTry: boolean;
}

/** Sends one effect, once: claim in the ledger, send, settle. Throws a `Failure` when it was not done. */
@Injectable()
export class Deliverer {
  constructor(
    private readonly actions: Actions,
    private readonly ledger: EffectLedger,
    private readonly sender: Sender,
    private readonly gate: Gate,
  ) {}

  /**
   * `lastTry`: a failure now is final, unless it names a time to try again. Throws a postponed `Failure` when nothing was
   * attempted; one whose retry is `lane` when nothing else may go to the destination either.
   */
  async deliver(effect: Effect, lastTry: boolean): Promise<Delivered> {
    const action = this.actions.get(effect.type);
    const destination = this.gate.destinationOf(effect);
    const token = randomUUID();
    const paces = this.gate.pacesOf(effect, destination, action);
    const leaseMs = leaseOf(action);
    const claim = await this.ledger.claim(effect, { token, leaseMs, ...paces });
    const over = unlessGranted(effect, claim);
    if (claim.verdict === 'done' || claim.verdict === 'skipped') await this.noteUndone(effect);
    if (over !== undefined) return over;
    const trace = new AttemptTrace(systemClock.now());
    const uncertain = claim.verdict === 'interrupted';
    const underWay = { effect, token, trace, uncertain, lastTry };
    if (uncertain && this.mustNotRepeat(effect))
      return await this.leaveUnknown(underWay, 'the worker stopped while it was sending');
    const plan = 'plan' in claim ? claim.plan : undefined;
    const signal = AbortSignal.timeout(action.timeoutMs);
    const attempt = { effect, destination, signal, trace, ...(plan === undefined ? {} : { plan }) };
    const sent = await this.sender
      .send(action, attempt, { leaseMs, uncertain })
      .then(briefReceipt, briefFailure);
    return sent instanceof Failure
      ? await this.settleFailure(underWay, sent)
      : await this.settleDone(underWay, sent);
  }

  /** To be said of an effect whose job becomes a dead letter. `reason`: `code: sentence`, unless its last attempt told. */
  async giveUp(effect: Effect, reason?: string): Promise<void> {
    await this.ledger.giveUp(effect, reason);
  }

  private async settleDone(underWay: UnderWay, receipt: Receipt): Promise<Delivered> {
    const outcome = receipt.already === true ? 'skipped' : 'done';
    const record = underWay.trace.record(outcome, receipt.summary, systemClock.now());
    const sign = { kind: 'reached' } as const;
    await this.settle(underWay, { state: outcome, reason: receipt.summary, sign, record, receipt });
    await this.noteUndone(underWay.effect);
    return { outcome, receipt };
  }

  /** Said again when the effect comes again: a worker may have stopped before it was said. */
  private async noteUndone({ id, undoes }: Effect): Promise<void> {
    if (undoes !== undefined) await this.ledger.markUndone(undoes, id);
  }

  private async settleFailure(underWay: UnderWay, failure: Failure): Promise<Delivered> {
    const { effect, trace, uncertain, lastTry } = underWay;
    const reason = `${failure.code}: ${failure.message}`;
    const outcome = failure.outcomeUnknown ? 'uncertain' : 'failed';
    const ending = {
      reason,
      sign: signOf(failure, trace.hasAnswer),
      ...(failure.postponed ? {} : { record: trace.record(outcome, reason, systemClock.now()) }),
    };
    if (failure.outcomeUnknown && this.mustNotRepeat(effect)) {
      await this.settle(underWay, { state: 'unknown', ...ending });
      return { outcome: 'unknown', reason };
    }
    await this.settle(underWay, { state: settlementOf(failure, lastTry, uncertain), ...ending });
    throw forLane(failure);
  }

  private mustNotRepeat(effect: Effect): boolean {
    return effect.guarantee === 'at-most-once' && !this.actions.get(effect.type).repeatable;
  }

  private async leaveUnknown(underWay: UnderWay, reason: string): Promise<Delivered> {
    await this.settle(underWay, { state: 'unknown', reason, sign: { kind: 'none' } });
    return { outcome: 'unknown', reason };
  }

  private async settle({ effect, token }: UnderWay, ending: Ending): Promise<void> {
    const change = await this.ledger.settle(effect, token, ending);
    await this.gate.tell(effect, change);
  }
}

/** Undefined when the attempt may begin. Throws when it may not do so yet. */
function unlessGranted(effect: Effect, claim: Claim): Delivered | undefined {
  switch (claim.verdict) {
    case 'go':
    case 'interrupted':
      return undefined;
    case 'done':
    case 'skipped':
    case 'suppressed':
    case 'undone':
      return { outcome: 'repeated' };
    case 'unknown':
      return { outcome: 'unknown', reason: 'left alone after an earlier attempt' };
    case 'busy':
      throw postponed('effect.busy', 'Another worker is sending this effect.', notAtOnce(claim.until));
    case 'held':
      throw postponed('effect.held', 'A person has yet to release this effect.', systemClock.now() + HELD_MS);
    case 'turn':
      throw turnAwaited(effect, claim.until);
    case 'lane':
      throw laneHeld(effect, claim);
  }
}

function notAtOnce(until: number): number {
  return Math.max(until, systemClock.now() + BUSY_MS);
}

function leaseOf(action: Action): number {
  return action.timeoutMs + LEASE_MARGIN_MS;
}

/** Once an attempt may have reached the target, a later one that did not cannot take that back. */
function settlementOf(failure: Failure, lastTry: boolean, uncertain: boolean): Settlement {
  if (failure.outcomeUnknown || uncertain) return 'uncertain';
  return failure.isFinal(lastTry) ? 'failed' : 'waiting';
}

/** A destination that names a time means everything that is sent to it. */
function forLane(failure: Failure): Failure {
  const { retry, destination, postponed: isPostponed } = failure;
  if (retry.kind !== 'at' || destination !== 'down' || isPostponed) return failure;
  return failure.but({ retry: { kind: 'lane', at: retry.at } });
}
