import type { Limits } from '../config/app-config.js';

/** What waits in Redis, as it was when somebody looked. */
export interface BacklogSample {
  /** Of bodies that are stored and not yet seen through. */
  readonly bytes: number;
  readonly batches: number;
  /** Effects of each lane that wait for their turn, for their next try or, given up, for a person. */
  readonly lanes: readonly number[];
  /** Effects that wait for a person because their rule did too much. They keep nothing else from being decided. */
  readonly held: number;
  /** What Redis uses of the memory that it may use; undefined when it has no limit. */
  readonly memoryRatio: number | undefined;
}

/** Why the door takes nothing now, and after how many seconds a sender may come again. */
export interface Refusal {
  readonly reason: string;
  readonly retryAfterS: number;
}

/** What is left of Redis' memory is for the workers: one that is full cannot even move a job. */
const MEMORY_SHARE = 0.8;

/** One destination, slow, dead or forgotten, must not stop what goes to others: its lane counts for this part at most. */
const LANE_SHARE = 0.25;

/** However they are spread over lanes, so many times more effects are too many. */
const ALL_IN_ALL = 4;

const SOONEST_S = 5;
const LATEST_S = 30;
/** This far over its limit a backlog is far over. */
const FAR_OVER = 1.25;

/** The door asks at every delivery, and hardly ever hears a reason. */
type Part = readonly [share: number, reason: () => string];

/** The fullest of what is limited; its share is 1 at the limit. */
export function fullest({ bytes, batches, memoryRatio = 0 }: BacklogSample, limits: Limits): Part {
  const parts: readonly Part[] = [
    [
      bytes / limits.backlogBytes,
      () =>
        `${megabytes(bytes)} of deliveries wait to be decided; the limit is ${megabytes(limits.backlogBytes)}.`,
    ],
    [
      batches / limits.backlogBatches,
      () => `${batches} batches wait to be decided; the limit is ${limits.backlogBatches}.`,
    ],
    [
      memoryRatio / MEMORY_SHARE,
      () =>
        `Redis uses ${Math.round(memoryRatio * 100)} % of its memory, and what is above ${MEMORY_SHARE * 100} % is left to the workers.`,
    ],
  ];
  return parts.reduce((most, part) => (part[0] > most[0] ? part : most));
}

/** Effects that a lane counts for at most. */
export function laneShare({ backlogEffects }: Limits): number {
  return Math.max(1, Math.floor(backlogEffects * LANE_SHARE));
}

export function effectsOf({ lanes }: BacklogSample): number {
  return lanes.reduce((sum, lane) => sum + lane, 0);
}

/** True while so many effects wait that no further batch is to be decided. */
export function effectsAreFull(sample: BacklogSample, limits: Limits): boolean {
  const share = laneShare(limits);
  const counted = sample.lanes.reduce((sum, lane) => sum + Math.min(lane, share), 0);
  return counted >= limits.backlogEffects || effectsOf(sample) >= ALL_IN_ALL * limits.backlogEffects;
}

/**
 * Undefined while there is room. The further over the limit, the later senders may come again; `random` (0 to 1)
 * spreads them, so that they do not all come at once.
 */
export function refusalOf(sample: BacklogSample, limits: Limits, random: number): Refusal | undefined {
  const [share, reason] = fullest(sample, limits);
  if (share < 1) return undefined;
  const over = Math.min(1, (share - 1) / (FAR_OVER - 1));
  const spread = (LATEST_S - SOONEST_S) / 2;
  return { reason: reason(), retryAfterS: Math.round(SOONEST_S + spread * over + spread * random) };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
