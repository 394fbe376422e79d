import { Injectable } from '@nestjs/common';
import { counted } from '../contracts/counted.js';
import type { LaneReport } from '../contracts/lane.js';
import { Lanes } from '../queues/lanes.js';
import { WaitingEffects, type WaitingEffect } from '../queues/waiting-effects.js';
import { type EffectFilter, matchesEffect } from './effect-filter.js';
import { EffectLedger, type PastAttempts } from './effect-ledger.js';

/** How many of each lane are looked through, of those that stand in line and of those that wait for a time. */
const LOOKED_THROUGH = 1_000;

/** An effect of which the ledger knows nothing yet: nothing was attempted or decided. */
export interface QueuedEffect extends WaitingEffect {
  /** Why it waits: `ops is paused by cli:ann since …: they move house`, `it stands behind 12 effects of its lane`. */
  readonly why: string;
}

/** An effect that failed, or was put off, and will be tried again. */
export interface Retrying extends WaitingEffect, PastAttempts {
  readonly nextTry: number;
}

export interface InLanes {
  /** What has waited longest first. */
  readonly queued: readonly QueuedEffect[];
  /** The one that is tried soonest first. */
  readonly retrying: readonly Retrying[];
  /** How many more there may be: those beyond the limit, and those that were not looked at. */
  readonly more: number;
}

/** Finds effects that wait in their lanes. */
@Injectable()
export class EffectsInLanes {
  constructor(
    private readonly waiting: WaitingEffects,
    private readonly ledger: EffectLedger,
    private readonly lanes: Lanes,
  ) {}

  /**
   * At most `limit` of each. What is asked for by how it stands or what was said of it is for the ledger to find, but for
   * `queued`; times are those since when an effect is in its lane.
   */
  async find(filter: EffectFilter, limit: number): Promise<InLanes> {
    const { outcome, to } = filter;
    if (outcome !== undefined && outcome !== 'queued') return { queued: [], retrying: [], more: 0 };
    const all = await this.waiting.list(isNarrow(filter) ? LOOKED_THROUGH : limit, to);
    const meant = all.filter((each) => isMeant(each, filter));
    const past = await this.ledger.pastAttempts(meant.map(({ effect }) => effect.id));
    const known = meant.map((each, index) => ({ ...each, ...(past[index] ?? { attempts: 0 }) }));
    const isNew = ({ attempts, reason }: PastAttempts): boolean => attempts === 0 && reason === undefined;
    const isAboutPast = (outcome ?? filter.since ?? filter.until ?? filter.text) !== undefined;
    const retrying = isAboutPast ? [] : known.filter(isPutOff);
    const queued = known.filter((each) => isNew(each) && (isAboutPast || !isPutOff(each)));
    const unread = (await this.waiting.count(to)) - all.length;
    const beyond = Math.max(0, queued.length - limit) + Math.max(0, retrying.length - limit);
    return {
      queued: await this.explained(queued.slice(0, limit)),
      retrying: retrying.slice(0, limit),
      more: beyond + Math.max(0, unread),
    };
  }

  private async explained(some: readonly WaitingEffect[]): Promise<QueuedEffect[]> {
    const names = [...new Set(some.map(({ effect }) => effect.to))];
    const reports = new Map(
      await Promise.all(names.map(async (name) => [name, await this.lanes.of(name)] as const)),
    );
    return some.map((each) => ({ ...each, why: whyOf(each, reports.get(each.effect.to)) }));
  }
}

/** Not every effect of a lane is meant, so that the first of them may stand far behind. */
function isNarrow({ outcome, rule, event, lead, since, until, text }: EffectFilter): boolean {
  return [outcome, rule, event, lead, since, until, text].some((each) => each !== undefined);
}

function isMeant({ effect, queuedAt }: WaitingEffect, filter: EffectFilter): boolean {
  const { since = 0, until = Infinity, text = '' } = filter;
  if (queuedAt < since || queuedAt > until) return false;
  return matchesEffect(effect, filter) && JSON.stringify(effect).toLowerCase().includes(text.toLowerCase());
}

function isPutOff<T extends WaitingEffect>(each: T): each is T & { readonly nextTry: number } {
  return each.nextTry !== undefined;
}

function whyOf({ effect: { to }, ahead, nextTry }: WaitingEffect, lane?: LaneReport): string {
  const { paused, breaker, heldUntil } = lane ?? {};
  if (nextTry !== undefined) return `it is put off until ${new Date(nextTry).toISOString()}`;
  if (ahead === undefined) return 'a worker has it';
  const place =
    ahead === 0 ? 'it is the next of its lane' : `it stands behind ${counted(ahead, 'effect')} of its lane`;
  if (paused !== undefined)
    return `${to} is paused by ${paused.by} since ${paused.since}: ${paused.reason}; ${place}`;
  if (breaker === 'disabled') return `${to} asked for nothing more: signalman lanes resume ${to}; ${place}`;
  if (heldUntil !== undefined)
    return `${to} is left alone until ${new Date(heldUntil).toISOString()}; ${place}`;
  return place;
}
