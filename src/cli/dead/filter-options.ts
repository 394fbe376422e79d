import type { Command } from 'commander';
import type { DeadLetterFilter } from '../../queues/dead-letters.js';
import { moment } from '../terminal/option-values.js';

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
    .option('--since <time>', 'only what was given up since then: 2h ago, or 2026-11-26T10:00Z', moment)
    .option('--reason <text>', 'only those with this text in their reason, such as http.503')
    .option('--undoing', 'only effects that undo queued to take others back');
}

export function filterOf({ to, rule, since, reason, undoing }: FilterOptions): DeadLetterFilter {
  return {
    ...(to === undefined ? {} : { to }),
    ...(rule === undefined ? {} : { rule }),
    ...(since === undefined ? {} : { since }),
    ...(reason === undefined ? {} : { reason }),
    ...(undoing === undefined ? {} : { undoing }),
  };
}
