import type { LaneReport } from '../../contracts/lane.js';
import { aligned } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';

const HEADS = ['destination', 'kind', 'waiting', 'under way', 'next try', 'dead'];

/** One line a lane, and below it what keeps it from sending. `next try`: how many wait for theirs. */
export function laneTable(lanes: readonly LaneReport[], { print, paint }: Terminal): void {
  const rows = lanes.map(({ name, kind = '(not configured)', waiting, underWay, delayed, dead }) => [
    name,
    kind,
    ...[waiting, underWay, delayed, dead].map(String),
  ]);
  const [heads = '', ...lines] = aligned([HEADS, ...rows], 2);
  print(paint.dim(heads));
  for (const [index, line] of lines.entries()) {
    print(line);
    for (const sentence of lanes.slice(index, index + 1).flatMap(obstaclesOf))
      print(`  ${paint.yellow(sentence)}`);
  }
}

function obstaclesOf({ paused, breaker, heldUntil, lastFailure }: LaneReport): string[] {
  const until = heldUntil === undefined ? '' : ` until ${new Date(heldUntil).toISOString()}`;
  const failure = lastFailure === undefined ? '' : `: ${lastFailure}`;
  return [
    ...(paused === undefined ? [] : [`paused by ${paused.by} since ${paused.since}: ${paused.reason}`]),
    ...(breaker === 'open' ? [`failing, left alone${until}${failure}`] : []),
    ...(breaker === 'half-open' ? [`failing, one effect is tried${failure}`] : []),
    ...(breaker === 'disabled' ? [`disabled, it asked for nothing more${failure}`] : []),
    ...(breaker === 'closed' && until !== '' ? [`held${until}`] : []),
  ];
}
