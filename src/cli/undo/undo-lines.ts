import { counted } from '../../contracts/counted.js';
import type { LedgerEntry } from '../../delivery/ledger-entry.js';
import type { UndoPlan } from '../../delivery/undo.js';
import type { Unsent } from '../../delivery/unsent-effects.js';
import type { Paint } from '../terminal/terminal.js';

const SAMPLES = 3;

/** What can be taken back, what cannot and what was given up before, by kind, destination and how or why. */
export function planLines(
  { undoable, notUndoable, givenUp }: UndoPlan,
  rule: string,
  paint: Paint,
): string[] {
  const can = grouped(undoable, ({ by }) => `by ${by.type}`);
  const cannot = grouped(notUndoable, ({ why }) => why);
  return [
    `${counted(undoable.length, 'effect')} can be taken back.`,
    ...can.flatMap((group) => groupLines(group, paint)),
    ...(notUndoable.length > 0 ? [`${counted(notUndoable.length, 'effect')} cannot.`] : []),
    ...cannot.flatMap((group) => groupLines(group, paint)),
    ...(givenUp.length > 0
      ? [
          `${counted(givenUp.length, 'effect')} should have been taken back before, but that was given up. When the cause is mended: signalman dead replay --rule ${rule} --undoing`,
        ]
      : []),
    ...grouped(givenUp, ({ why }) => why).flatMap((group) => groupLines(group, paint)),
  ];
}

/** Undefined when nothing waits. `isWanted`: what waits is to end. What is under way does not, whatever is wanted. */
export function unsentLine({ queued, underWay, held }: Unsent, isWanted: boolean): string | undefined {
  const waiting = [
    ...(queued.length > 0 ? [`${counted(queued.length, 'effect')} not sent yet`] : []),
    ...(held.length > 0 ? [`${counted(held.length, 'effect')} held`] : []),
  ].join(', ');
  const what = isWanted ? 'to be ended unsent' : '--also-waiting ends them unsent';
  const sentences = [
    ...(waiting === '' ? [] : [`${waiting}: ${what}.`]),
    ...(underWay > 0 ? [`${counted(underWay, 'effect')} being sent now: undo again for that.`] : []),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

interface Group {
  readonly title: string;
  readonly entries: readonly LedgerEntry[];
}

function grouped<T extends { readonly entry: LedgerEntry }>(
  all: readonly T[],
  how: (each: T) => string,
): Group[] {
  const groups = new Map<string, LedgerEntry[]>();
  for (const each of all) {
    const { type, to } = each.entry.effect;
    const title = `${type} → ${to}: ${how(each)}`;
    const group = groups.get(title);
    if (group === undefined) groups.set(title, [each.entry]);
    else group.push(each.entry);
  }
  return [...groups].map(([title, entries]) => ({ title, entries }));
}

function groupLines({ title, entries }: Group, paint: Paint): string[] {
  return [
    `  ${counted(entries.length, 'effect')}  ${title}`,
    ...entries
      .slice(0, SAMPLES)
      .map(({ id, at, reason = '' }) => `    ${paint.dim('for example')} ${id}  ${at}  ${reason}`),
  ];
}
