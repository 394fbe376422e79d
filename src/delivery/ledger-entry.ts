import type { AttemptRecord } from '../contracts/attempt.js';
import type { Effect, EffectOutcome, Receipt } from '../contracts/effect.js';
import type { JsonObject } from '../contracts/json.js';

/** How an effect stands that is not over. */
const OPEN = [
  /** An attempt is under way, or its worker stopped. */
  'sending',
  /** It surely did not reach its target yet. */
  'waiting',
  /** It may have reached its target. */
  'uncertain',
] as const;

const ENDED = [
  'done',
  'skipped',
  'failed',
  'unknown',
  'suppressed',
  'held',
  'undone',
] as const satisfies readonly EffectOutcome[];

/** Whatever an effect of the ledger can be. */
const STANDINGS = [...OPEN, ...ENDED] as const;
export type Standing = (typeof STANDINGS)[number];

/** What people may ask for: those, and what waits in its lane for its first try. */
export const OUTCOMES = ['queued', ...STANDINGS] as const;

/** An effect as the ledger has it. */
export interface LedgerEntry {
  readonly id: string;
  readonly standing: Standing;
  /** It was given up, and may have reached its target all the same. */
  readonly inDoubt?: true;
  /** When that changed last, RFC 3339 in UTC. */
  readonly at: string;
  readonly attempts: number;
  /** Its parameters are left out when they are large, and when a person was erased whom it tells about. */
  readonly effect: Effect;
  /** `code: sentence` of its last failure, the summary of what was done, or why it was decided against. */
  readonly reason?: string;
  readonly receipt?: Receipt;
  /** Every attempt, the oldest first; of more than twenty those between the first and the last are left out. */
  readonly log: readonly AttemptRecord[];
  /** What was read before the write. */
  readonly plan?: JsonObject;
  /** Who took it back. */
  readonly undoneBy?: string;
}

/** The fields of its hash that an entry is made of. */
export const ENTRY_FIELDS = 'state counted at attempts effect summary receipt log last plan undoneBy'.split(
  ' ',
);

/** Undefined when the ledger has nothing to tell of it any more, or not yet. `values`: of `ENTRY_FIELDS`. */
export function readEntry(id: string, values: readonly (string | null)[]): LedgerEntry | undefined {
  const [state, counted, at, attempts, effect, reason, receipt, log, last, plan, undoneBy] = values;
  if (!state || !effect) return undefined;
  return {
    id,
    // An effect that was given up may have reached its target all the same, which the next attempt has to know.
    standing: (counted === 'failed' ? counted : state) as Standing,
    ...(counted === 'failed' && (state === 'uncertain' || state === 'sending') ? { inDoubt: true } : {}),
    at: new Date(Number(at)).toISOString(),
    attempts: Number(attempts ?? 0),
    effect: JSON.parse(effect) as Effect,
    ...(reason ? { reason } : {}),
    ...(receipt ? { receipt: JSON.parse(receipt) as Receipt } : {}),
    log: readLog(log ?? '', last ?? ''),
    ...(plan ? { plan: JSON.parse(plan) as JsonObject } : {}),
    ...(undoneBy ? { undoneBy } : {}),
  };
}

/** `last`: the last attempt in full where the log has it shortened. */
function readLog(log: string, last: string): AttemptRecord[] {
  const lines = log.split('\n').filter((line) => line !== '');
  if (last !== '') lines.splice(-1, 1, last);
  return lines.map((line) => JSON.parse(line) as AttemptRecord);
}
