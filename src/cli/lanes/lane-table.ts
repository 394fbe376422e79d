import type { LaneReport } from '../../contracts/lane.js';
import { aligned } from '../terminal/table.js';
import { printList, type Terminal } from '../terminal/terminal.js';

const HEADS = ['destination', 'kind', 'waiting', 'under way', 'next try', 'dead'];

const NEXT_STEP = 'When the cause is mended, or to try at once: signalman lanes resume <name>';

/**
 * One line a lane, and below it what keeps it from sending; at the end what a person can do about it. `next try`: how many
 * wait for theirs.
 */
export function laneTable(lanes: readonly LaneReport[], terminal: Terminal): void {
  const { paint } = terminal;
  const rows = lanes.map(({ name, kind = '(not configured)', waiting, underWay, delayed, dead }) => [
    name,
    kind,
    ...[waiting, underWay, delayed, dead].map(String),
  ]);
  const [heads = '', ...lines] = aligned([HEADS, ...rows], 2);
  const entries = lines.flatMap((line, index) => [
    line,
    ...lanes
      .slice(index, index + 1)
      .flatMap(obstaclesOf)
      .map((sentence) => `  ${paint.yellow(sentence)}`),
  ]);
  const isAnyHeld = entries.length > lines.length;
  printList([paint.dim(heads), ...entries, ...(isAnyHeld ? [paint.dim(NEXT_STEP)] : [])], terminal);
}

function obstaclesOf({ paused, breaker, since, heldUntil, lastFailure }: LaneReport): string[] {
  const from = since === undefined ? '' : ` since ${new Date(since).toISOString()}`;
  const until = heldUntil === undefined ? '' : ` until ${new Date(heldUntil).toISOString()}`;
  const failure = lastFailure === undefined ? '' : `: ${lastFailure}`;
  const rest = until === '' ? 'the next effect tries it' : `left alone${until}`;
  return [
    ...(paused === undefined ? [] : [`paused by ${paused.by} since ${paused.since}: ${paused.reason}`]),
    ...(breaker === 'open' ? [`failing${from}, ${rest}${failure}`] : []),
    ...(breaker === 'half-open' ? [`failing${from}, one effect is tried${failure}`] : []),
    ...(breaker === 'disabled'
      ? [`disabled${from}, it asked for nothing more, so a person has to resume it${failure}`]
      : []),
    // It may be held by its pace or by a budget, of which it said nothing.
    ...(breaker === 'closed' && until !== ''
      ? [`held${from}${until}${lastFailure === undefined ? '' : `; what it last refused: ${lastFailure}`}`]
      : []),
  ];
}
