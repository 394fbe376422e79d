import { counted } from '../../contracts/counted.js';
import type { HeldReport } from '../../contracts/held.js';
import { aligned } from '../terminal/table.js';
import type { Paint } from '../terminal/terminal.js';

/** A rule that is held, and what it would do. */
export function heldLines(
  { ruleId, reason, since, effects, leads, kinds, samples }: HeldReport,
  paint: Paint,
): string[] {
  const numbers = kinds.map(({ type, to, effects: count }) => [`${type} → ${to}`, counted(count, 'effect')]);
  return [
    `${paint.bold(ruleId)}  held since ${since}: ${reason}`,
    `  ${counted(effects, 'effect')} for ${counted(leads, 'lead')}`,
    ...aligned(numbers, 1).map((line) => `  ${line}`),
    ...samples.map(
      ({ leads: about, type, text }) => `  ${paint.dim('for example')} ${about.join(', ')}  ${type}  ${text}`,
    ),
  ];
}
