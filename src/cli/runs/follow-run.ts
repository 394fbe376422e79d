import type { INestApplicationContext } from '@nestjs/common';
import { counted, whole } from '../../contracts/counted.js';
import { type RunCounts, type RunEnd, RunWatch } from '../../queues/run-watch.js';
import { Progress } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';

/** What an import or a catch-up stored under its name. */
export interface StoredRun {
  readonly run: string;
  readonly batches: number;
}

export interface FollowedRun {
  readonly end: RunEnd;
  readonly counts: RunCounts;
}

/** Where to look when batches that were stored do not get on. */
export const STUCK = 'nothing happened to it for a minute. See: signalman dead list';

/**
 * Shows how far the workers are with a run. Resolves when they are through, or when it is not to be expected that they
 * will be soon; throws the signal's reason when it aborts.
 */
export async function followRun(
  rooms: INestApplicationContext,
  { run, batches }: StoredRun,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<FollowedRun> {
  const watch = rooms.get(RunWatch, { strict: false });
  const progress = new Progress(terminal, batches);
  const show = (seen: RunCounts): void => {
    progress.show(seen.batches, `${whole(seen.batches)} of ${batchesOf(batches)} seen through`);
  };
  try {
    const end = await watch.untilSeen(run, batches, show, signal);
    return { end, counts: await watch.counts(run) };
  } finally {
    progress.stop();
  }
}

/** `2 known already, 10 new`, and what could not be read. */
export function became({ duplicates, new: fresh, quarantined }: RunCounts): string {
  const unread = quarantined === 0 ? '' : `, ${whole(quarantined)} put into quarantine`;
  return `${whole(duplicates)} known already, ${whole(fresh)} new${unread}`;
}

export function batchesOf(count: number): string {
  return counted(count, 'batch', 'batches');
}
