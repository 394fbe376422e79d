import { cut } from '../contracts/cut.js';
import type { Receipt } from '../contracts/effect.js';
import { Failure, transient } from '../contracts/failure.js';

/** Characters of what a destination said, wherever it is told from here on: ledger, dead letters, log, lanes. */
const MOST = 500;
const MOST_OF_CODE = 100;
/** Rows or parts that were refused; the answer in the ledger has the others. */
const MOST_SKIPPED = 100;

/** The receipt with its words on one line, and not too many of them. */
export function briefReceipt({ summary, skipped, ...rest }: Receipt): Receipt {
  return {
    ...rest,
    summary: brief(summary, MOST),
    ...(skipped === undefined
      ? {}
      : { skipped: skipped.slice(0, MOST_SKIPPED).map((part) => brief(part, MOST)) }),
  };
}

/**
 * The failure with its words on one line, and not too many of them. An action that throws something else has a defect; the
 * effect is tried again and becomes a dead letter.
 */
export function briefFailure(error: unknown): Failure {
  if (error instanceof Failure)
    return error.but({ message: brief(error.message, MOST), code: brief(error.code, MOST_OF_CODE) });
  const message = error instanceof Error ? error.message : String(error);
  return transient('action.defect', brief(message, MOST), { outcomeUnknown: true, cause: error });
}

function brief(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= most ? line : `${cut(line, most - 1)}…`;
}
