import { systemClock } from '../contracts/clock.js';
import { LEDGER_KEEP_SECONDS } from '../contracts/completeness.js';
import type { Effect } from '../contracts/effect.js';
import type { JsonObject } from '../contracts/json.js';
import { field, ledgerKey } from '../journal/completeness-keys.js';
import { laneKey, ownerKey } from '../redis/keys.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { bareEffect, bareReason, keptEffect, keptReason, keptRecord } from './ledger/kept-texts.js';
import { type LedgerCommands, withLedgerCommands } from './ledger/ledger-commands.js';
import { effectKey, ledgerKeys, paceKey } from './ledger/ledger-keys.js';
import type { Claim, Ending, Entrant, LaneChange, LaneHold } from './ledger-terms.js';
import { ENTRY_FIELDS, type LedgerEntry, readEntry } from './ledger-entry.js';

/** What has been tried so far. */
export interface PastAttempts {
  readonly attempts: number;
  /** How the last one ended that reported: `code: sentence` of its failure. */
  readonly reason?: string;
}

/** How much the ledger keeps for people to read; above it the oldest texts go. */
export interface LedgerLimits {
  readonly effects: number;
  readonly bytes: number;
}

const LIMITS: LedgerLimits = { effects: 100_000, bytes: 256 * 1024 * 1024 };

/** Cooling times of a breaker differ by up to a fifth from worker to worker, so that destinations are not met by all at once. */
const JITTER = 0.2;

/**
 * The memory of what was done: which effects have happened, whatever the queue has forgotten. An attempt claims its
 * effect, sends, and settles; a second claim of a finished effect is refused.
 */
export class EffectLedger {
  private readonly redis: LedgerCommands;

  constructor(
    connections: RedisConnections,
    private readonly limits = LIMITS,
  ) {
    this.redis = withLedgerCommands(connections.forWorkers());
  }

  /** Asks lane and paces first, then claims the effect, in one step. */
  async claim(effect: Effect, { token, leaseMs, pace, paces = [] }: Entrant): Promise<Claim> {
    const now = systemClock.now();
    const keys = [...ledgerKeys(effect.id), laneKey(effect.to)];
    keys.push(...paces.map(({ key }) => paceKey(effect.to, key)), ...ownersOf(effect));
    const [verdict, plan, until, why] = await this.redis.claimEffect(
      keys.length,
      ...keys,
      ...[token, leaseMs, now, new Date(now).toISOString(), pace?.everyMs ?? 0, pace?.burst ?? 1],
      ...[keptEffect(effect), bareEffect(effect)],
      ...[paces.length, ...paces.flatMap(({ everyMs, burst }) => [everyMs, burst])],
    );
    return readClaim(verdict, plan, Number(until), why);
  }

  /** Keeps what the write will be, before it is made. */
  async keepPlan(effectId: string, plan: JsonObject): Promise<void> {
    await this.redis.hset(effectKey(effectId), 'plan', JSON.stringify(plan));
  }

  /**
   * Records how the attempt ended, counts it when the effect is over, and tells its lane, in one step. Nothing but the
   * latter when another attempt has taken over.
   * @returns what changed of the lane.
   */
  async settle(effect: Effect, token: string, ending: Ending): Promise<LaneChange | undefined> {
    const { state, sign, record, receipt } = ending;
    const keys = [...ledgerKeys(effect.id), laneKey(effect.to), hourKey(effect), ...ownersOf(effect)];
    const reason = keptReason(ending.reason);
    const isDone = state === 'done' || state === 'skipped';
    const { line, full } = record === undefined ? { line: '', full: '' } : keptRecord(record);
    const jitter = 1 + JITTER * (2 * Math.random() - 1);
    const change = await this.redis.settleEffect(
      keys.length,
      ...keys,
      ...[token, state, reason, isDone ? '' : bareReason(reason), ...lineOf(effect), systemClock.now()],
      ...[sign.kind, jitter, 'until' in sign ? sign.until : 0, line, full],
      ...[receipt === undefined ? '' : JSON.stringify(receipt), bareEffect(effect)],
      ...[this.limits.effects, this.limits.bytes],
    );
    return change === '' ? undefined : (change as LaneChange);
  }

  /** Counts the effect as failed: its job becomes a dead letter. However often it is said, it counts once. */
  async giveUp(effect: Effect, reason = ''): Promise<void> {
    await this.redis.giveUpEffect(...this.decision(effect, reason, keptEffect(effect)));
  }

  /** Ends an effect that is not to be sent. @returns false when an attempt is under way, may have reached the target, or did. */
  async suppress(effect: Effect, reason: string): Promise<boolean> {
    return (await this.redis.suppressEffect(...this.decision(effect, reason, keptEffect(effect)))) === 1;
  }

  /**
   * Keeps an effect from being sent until a person releases it. May be repeated.
   * @returns false when it was released, sent or decided about before.
   */
  async hold(effect: Effect, reason: string): Promise<boolean> {
    return (await this.redis.holdEffect(...this.decision(effect, reason, JSON.stringify(effect)))) === 1;
  }

  /**
   * Lets a held effect be sent, whole as it was held. May be repeated.
   * @returns false when it is not held any more, and does not wait to be sent either.
   */
  async release(effect: Effect): Promise<boolean> {
    return (await this.redis.releaseEffect(...this.decision(effect, '', ''))) === 1;
  }

  /** Notes that what was done was taken back. May be repeated. @returns false when it was not done. */
  async markUndone(effectId: string, by: string): Promise<boolean> {
    const keys = ledgerKeys(effectId);
    return (await this.redis.undoEffect(keys.length, ...keys, systemClock.now(), by)) === 1;
  }

  /** Undefined when nothing was attempted or decided about it yet, or its texts are gone. */
  async get(effectId: string): Promise<LedgerEntry | undefined> {
    return readEntry(effectId, await this.redis.hmget(effectKey(effectId), ...ENTRY_FIELDS));
  }

  /** Forgets what people can read of effects of which nothing more may be known. What decides whether they are sent stays. */
  async forgetTexts(effectIds: readonly string[]): Promise<void> {
    await Promise.all(
      effectIds.map(async (id) => {
        const keys = ledgerKeys(id);
        await this.redis.forgetEffect(keys.length, ...keys);
      }),
    );
  }

  /** For each effect what was tried so far, in one round trip. */
  async pastAttempts(effectIds: readonly string[]): Promise<PastAttempts[]> {
    const pipeline = this.redis.pipeline();
    for (const id of effectIds) pipeline.hmget(effectKey(id), 'attempts', 'summary');
    return ((await pipeline.exec()) ?? []).map(([error, answer]) => {
      if (error) throw error;
      const [attempts, reason] = answer as [string | null, string | null];
      return { attempts: Number(attempts), ...(reason === null ? {} : { reason }) };
    });
  }

  /** The keys and arguments of `decision-scripts.ts`. */
  private decision(effect: Effect, reason: string, kept: string): [number, ...(string | number)[]] {
    const keys = [...ledgerKeys(effect.id), hourKey(effect), ...ownersOf(effect)];
    const { effects, bytes } = this.limits;
    const why = keptReason(reason);
    return [
      keys.length,
      ...keys,
      ...[
        systemClock.now(),
        ...lineOf(effect),
        effects,
        bytes,
        why,
        bareReason(why),
        kept,
        bareEffect(effect),
      ],
    ];
  }
}

function readClaim(verdict: string, plan: string, until: number, why: string): Claim {
  switch (verdict) {
    case 'go':
    case 'interrupted':
      return plan === '' ? { verdict } : { verdict, plan: JSON.parse(plan) as JsonObject };
    case 'busy':
    case 'turn':
      return { verdict, until };
    case 'lane':
      return { verdict, until, why: why as LaneHold };
    case 'held':
    case 'done':
    case 'skipped':
    case 'unknown':
    case 'suppressed':
    case 'undone':
      return { verdict };
    default:
      throw new Error(`the ledger answered ${verdict}`);
  }
}

/** How the counts of a line begin, and how many seconds its hour is kept. */
function lineOf({ origin: { source, stream } }: Effect): [line: string, keepSeconds: number] {
  return [field(source, stream, ''), LEDGER_KEEP_SECONDS];
}

function hourKey({ origin }: Effect): string {
  return ledgerKey(origin.hour);
}

function ownersOf({ people = [] }: Effect): string[] {
  return people.map(ownerKey);
}
