import type { Queue } from 'bullmq';
import type { LaneReport } from '../contracts/lane.js';

export type LaneCounts = Pick<LaneReport, 'waiting' | 'underWay' | 'delayed' | 'dead'>;

/** How many effects a lane holds. One round trip. */
export async function laneCounts(lane: Queue): Promise<LaneCounts> {
  const counts = await lane.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  return {
    waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0),
    underWay: counts['active'] ?? 0,
    delayed: counts['delayed'] ?? 0,
    dead: counts['failed'] ?? 0,
  };
}

/** Of several lanes together. One round trip. */
export async function allCounts(lanes: readonly Queue[]): Promise<LaneCounts> {
  const all = await Promise.all(lanes.map(laneCounts));
  return all.reduce(
    (sum, each) => ({
      waiting: sum.waiting + each.waiting,
      underWay: sum.underWay + each.underWay,
      delayed: sum.delayed + each.delayed,
      dead: sum.dead + each.dead,
    }),
    { waiting: 0, underWay: 0, delayed: 0, dead: 0 },
  );
}

/** True when something is to be done in it; dead letters wait for a person. */
export function isBusy({ waiting, underWay, delayed }: LaneCounts): boolean {
  return waiting + underWay + delayed > 0;
}
