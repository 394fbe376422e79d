import { durationText } from '../../contracts/duration.js';
import { type Silence, stateOfSilence } from '../../contracts/silence.js';
import { aligned } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';

const HEADINGS = ['id', 'rules', 'only', 'state', 'from', 'until', 'owner', 'reason'];

/** `now`: epoch milliseconds. */
export function silenceTable(silences: readonly Silence[], now: number, { print, paint }: Terminal): void {
  if (silences.length === 0) {
    print('There are no silences.');
    return;
  }
  const rows = silences.map((silence) => [
    silence.id,
    silence.rules,
    onlyOf(silence),
    stateOfSilence(silence, now),
    silence.from.slice(0, 16),
    silence.until.slice(0, 16),
    silence.owner,
    silence.reason,
  ]);
  const [headings = '', ...lines] = aligned([HEADINGS, ...rows]);
  print(paint.bold(headings));
  for (const line of lines) print(line);
}

/** For which events, and when within its limits. */
function onlyOf({ where: { leadId, munchkinId, type } = {}, every }: Silence): string {
  const parts = [
    ...(leadId === undefined ? [] : [`lead ${leadId}`]),
    ...(munchkinId === undefined ? [] : [munchkinId]),
    ...(type === undefined ? [] : [type]),
    ...(every === undefined ? [] : [`${durationText(every.forMs)} from "${every.cron}" ${every.timeZone}`]),
  ];
  return parts.join(', ');
}
