import type { AttemptRecord } from '../contracts/attempt.js';
import type { Effect, Receipt } from '../contracts/effect.js';
import type { JsonObject } from '../contracts/json.js';
import type { EffectStory } from '../delivery/effect-stories.js';
import type { QueuedEffect } from '../delivery/effects-in-lanes.js';
import type { LedgerEntry, Standing } from '../delivery/ledger-entry.js';

/** An effect as the API tells it. Who may not see what it tells of people gets no texts. */
export interface ShownEffect extends Omit<Effect, 'v' | 'params' | 'people'> {
  /** `queued`: nothing was attempted or decided yet. */
  readonly outcome: Standing | 'queued';
  /** When that changed last, RFC 3339 in UTC. */
  readonly at?: string;
  readonly attempts: number;
  /** The code alone, without texts. */
  readonly reason?: string;
  readonly log: readonly (AttemptRecord | Pick<AttemptRecord, 'at' | 'ms' | 'outcome'>)[];
  readonly undoneBy?: string;
  readonly params?: JsonObject;
  readonly receipt?: Receipt;
  readonly plan?: JsonObject;
}

/** An effect that waits in its lane for its first try. */
export interface ShownQueued extends ShownEffect {
  /** Why it waits. */
  readonly why: string;
}

export interface ShownStory extends ShownEffect {
  /** It stands in the queue of its destination. */
  readonly queued: boolean;
  /** The effects that led to it, the nearest first. */
  readonly causes: readonly {
    readonly effectId: string;
    readonly ruleId: string;
    readonly eventId: string;
    readonly outcome?: Standing;
  }[];
}

/** The code of a failure, as in `slack.channel_not_found: …`. */
const CODE = /^([a-z0-9_.-]+):/;

export function codeOf(reason: string): string | undefined {
  return CODE.exec(reason)?.[1];
}

export function shownEffect(entry: LedgerEntry, isWhole: boolean): ShownEffect {
  const { effect, standing, at, attempts, undoneBy, log } = entry;
  const common = {
    ...withoutTexts(effect),
    ...{ outcome: standing, at, attempts },
    ...(undoneBy === undefined ? {} : { undoneBy }),
  };
  if (!isWhole) {
    const code = codeOf(entry.reason ?? '');
    const bare = log.map((record) => ({ at: record.at, ms: record.ms, outcome: record.outcome }));
    return { ...common, log: bare, ...(code === undefined ? {} : { reason: code }) };
  }
  const { reason, receipt, plan } = entry;
  return {
    ...common,
    ...{ params: effect.params, log },
    ...(reason === undefined ? {} : { reason }),
    ...(receipt === undefined ? {} : { receipt }),
    ...(plan === undefined ? {} : { plan }),
  };
}

export function shownStory({ effect, entry, queued, causes }: EffectStory, isWhole: boolean): ShownStory {
  const told = entry === undefined ? untouched(effect, isWhole) : shownEffect({ ...entry, effect }, isWhole);
  return {
    ...told,
    queued,
    causes: causes.map(({ effectId, ruleId, eventId, entry: earlier }) => ({
      ...{ effectId, ruleId, eventId },
      ...(earlier === undefined ? {} : { outcome: earlier.standing }),
    })),
  };
}

/** `at`: since when it is in its lane. */
export function shownQueued({ effect, queuedAt, why }: QueuedEffect, isWhole: boolean): ShownQueued {
  return { ...untouched(effect, isWhole), at: new Date(queuedAt).toISOString(), why };
}

function untouched(effect: Effect, isWhole: boolean): ShownEffect {
  const common = { ...withoutTexts(effect), outcome: 'queued' as const, attempts: 0, log: [] };
  return isWhole ? { ...common, params: effect.params } : common;
}

function withoutTexts({
  v: _version,
  params: _params,
  people: _people,
  ...effect
}: Effect): Omit<Effect, 'v' | 'params' | 'people'> {
  return effect;
}
