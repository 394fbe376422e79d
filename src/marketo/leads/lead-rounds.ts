import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Clock } from '../../contracts/clock.js';
import { Failure, transient } from '../../contracts/failure.js';
import type { LookedUp } from '../../contracts/looked-up.js';
import { SeldomLog } from '../../observability/seldom-log.js';
import { Lanes } from './lanes.js';
import { type LeadSource, readLeads } from './read-leads.js';

/** How long a call waits for others to share it. */
const GATHER_MS = 15;
/** The most that one call of Marketo's takes. */
const LEADS_A_CALL = 300;
/** Of the ten calls at once that an instance takes from everybody together. */
const CALLS_AT_ONCE = 2;
/** When to ask again after a failure that may pass, and after one that a person has to mend. */
const RETRY_MS = 30_000;
const MEND_MS = 10 * 60_000;

/** By lead id. */
type Answers = ReadonlyMap<string, LookedUp>;

interface Round {
  readonly ids: Set<string>;
  readonly fields: Set<string>;
  readonly answers: Promise<Answers>;
}

/** Looks up leads of one instance. Who asks at about the same time shares the calls. */
export class LeadRounds {
  private readonly seldom = new SeldomLog(new Logger('LeadLookUp'));
  private readonly lanes = new Lanes(CALLS_AT_ONCE);
  private open: Round | undefined;

  /** `totalMs`: nobody waits longer for an answer, milliseconds. */
  constructor(
    private readonly source: LeadSource,
    private readonly clock: Clock,
    private readonly totalMs: number,
  ) {}

  /** An answer for each of the ids, with the fields of all who share the round. */
  ask(ids: readonly string[], fields: readonly string[]): Promise<Answers> {
    const round = (this.open ??= this.begin());
    for (const id of ids) round.ids.add(id);
    for (const field of fields) round.fields.add(field);
    return round.answers;
  }

  private begin(): Round {
    const ids = new Set<string>();
    const fields = new Set<string>();
    const answers = pause(GATHER_MS).then(() => {
      this.open = undefined;
      return this.run([...ids], [...fields]);
    });
    return { ids, fields, answers };
  }

  private async run(ids: readonly string[], fields: readonly string[]): Promise<Answers> {
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort();
    }, this.totalMs);
    const tooLate = this.rejectedBy(late.signal);
    try {
      const calls = chunksOf(ids).map((some) => {
        const call = this.lanes.run(() => readLeads(this.source, { ids: some, fields }, late.signal));
        return Promise.race([call, tooLate]).catch((error: unknown) => this.unavailable(some, error));
      });
      return new Map((await Promise.all(calls)).flatMap((some) => [...some]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the waiting also where a call waits for its turn, for a token or for Redis. */
  private rejectedBy(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        const seconds = this.totalMs / 1_000;
        reject(transient('marketo.too_late', `Marketo did not tell of the leads within ${seconds} s`));
      });
    });
  }

  private unavailable(ids: readonly string[], error: unknown): Answers {
    if (!(error instanceof Failure)) throw error;
    const { munchkinId } = this.source.instance;
    this.seldom.warn(error.code, `Leads of ${munchkinId} could not be looked up: ${error.message}.`);
    const answer = { kind: 'unavailable', reason: error.message, retryAt: this.retryAt(error) } as const;
    return new Map(ids.map((id) => [id, answer]));
  }

  private retryAt({ retry }: Failure): number {
    if (retry.kind === 'at' || retry.kind === 'lane') return retry.at;
    return this.clock.now() + (retry.kind === 'backoff' ? RETRY_MS : MEND_MS);
  }
}

function chunksOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / LEADS_A_CALL);
  return Array.from({ length: count }, (_, index) =>
    ids.slice(index * LEADS_A_CALL, (index + 1) * LEADS_A_CALL),
  );
}
