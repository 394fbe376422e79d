import type { DeadLetter } from '../../queues/dead-letters.js';
import { counted } from '../../contracts/counted.js';
import { printList, type Terminal } from '../terminal/terminal.js';

/** Two lines a dead letter: what it is, and why it was given up. */
export function printLetters(letters: readonly DeadLetter[], terminal: Terminal): void {
  const { paint } = terminal;
  for (const letter of letters) {
    const { id, failedAt, attempts, reason } = letter;
    const at = new Date(failedAt).toISOString();
    const head = `${paint.bold(id)}  ${subject(letter)}  ${at}  after ${counted(attempts, 'attempt')}`;
    printList([head, `  ${reason}`], terminal);
  }
}

/** What stands still until it is put back: a batch by its source, an effect by its destination and its rule. */
function subject({ name, data }: DeadLetter): string {
  const { source, to, ruleId } = data as Partial<Record<'source' | 'to' | 'ruleId', string>>;
  const from = source === undefined ? '' : ` from ${source}`;
  return `${name}${from}${to === undefined ? '' : ` → ${to}`}${ruleId === undefined ? '' : `  ${ruleId}`}`;
}
