import type { Command } from 'commander';
import { systemClock } from '../../contracts/clock.js';
import type { DeadLetterFilter } from '../../queues/dead-letters.js';
import { duration } from '../terminal/option-values.js';

/** Which dead letters a command is about, as its options say. */
export interface FilterOptions {
  readonly to?: string;
  readonly rule?: string;
  /** Milliseconds back from now. */
  readonly since?: number;
  readonly reason?: string;
  readonly undoing?: boolean;
}

export function withFilters(command: Command): Command {
  return command
    .option('--to <destination>', 'only effects for this destination')
    .option('--rule <id>', 'only effects of this rule; leads/* for all that begin so')
    .option('--since <duration>', 'only what was given up lately, such as 90m, 6h or 7d', duration)
    .option('--reason <text>', 'only those with this text in their reason, such as http.503')
    .option('--undoing', 'only effects that undo queued to take others back');
}

export function filterOf({ to, rule, since, reason, undoing }: FilterOptions): DeadLetterFilter {
  return {
    ...(to === undefined ? {} : { to }),
    ...(rule === undefined ? {} : { rule }),
    ...(since === undefined ? {} : { since: systemClock.now() - since }),
    ...(reason === undefined ? {} : { reason }),
    ...(undoing === undefined ? {} : { undoing }),
  };
}
