import { Inject, Injectable } from '@nestjs/common';
import type { AdobeSource } from '../contracts/connections.js';
import { Failure, permanent } from '../contracts/failure.js';
import { Backlog } from '../queues/backlog.js';
import { EventsQueue } from '../queues/events-queue.js';
import { accountOf } from './ims/adobe-account.js';
import { type JournalAnswer, JournalClient, type ReadableJournal } from './journal/journal-client.js';
import { oldestPlace, placeBack } from './journal/journal-links.js';
import type { JournalPage } from './journal/journal-page.js';
import { PACE, type Pace } from './pace.js';

/** Adobe keeps a journal for seven days. */
export const JOURNAL_KEPT_MS = 7 * 24 * 3_600_000;

/** Pages without events may follow each other without end; to be asked for them without a pause is too much. */
const EMPTY_PAGE_MS = 1_000;
const TRIES = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface CatchUpOrder {
  readonly name: string;
  readonly source: AdobeSource;
  /** How far back, milliseconds; all that Adobe has unless given. */
  readonly backMs?: number;
  /** Under which workers count what became of it. */
  readonly run: string;
}

export interface CatchUpWatch {
  /** After every page that was stored; the times of its events are epoch milliseconds. */
  readonly onPage: (counts: CatchUpCounts, page: Pick<JournalPage, 'oldest' | 'newest'>) => void;
  /** Ends it between two pages. */
  readonly signal: AbortSignal;
}

export interface CatchUpCounts {
  readonly events: number;
  readonly batches: number;
}

/** Reads a journal once from further back up to now, beside whoever reads it all the time. */
@Injectable()
export class CatchUp {
  constructor(
    private readonly client: JournalClient,
    @Inject(EventsQueue) private readonly queue: Pick<EventsQueue, 'add'>,
    @Inject(Backlog) private readonly backlog: Pick<Backlog, 'whenRoom'>,
    @Inject(PACE) private readonly pace: Pace,
  ) {}

  /**
   * Resolves at the journal's end, or at what came after the beginning, or when `signal` aborts. Throws a `Failure` when
   * the journal cannot be read; what was stored before stays stored.
   */
  async read(order: CatchUpOrder, { onPage, signal }: CatchUpWatch): Promise<CatchUpCounts> {
    const began = this.pace.now();
    const told = toldToEnd(signal);
    const readable = readableJournal(order);
    const { journal } = readable;
    let place = order.backMs === undefined ? oldestPlace(journal) : placeBack(journal, order.backMs);
    let counts: CatchUpCounts = { events: 0, batches: 0 };
    while (!signal.aborted) {
      const answer = await Promise.race([this.ask(readable, place, signal), told]);
      if (answer === undefined || answer.kind === 'nothing') break;
      if (answer.kind === 'expired') {
        // Whoever waits for room at the edge of what Adobe keeps may fall over it.
        place = oldestPlace(journal);
        continue;
      }
      const { page, next } = answer;
      if (page.events > 0 && !(await this.store(order, page, signal))) break;
      counts = { events: counts.events + page.events, batches: counts.batches + (page.events > 0 ? 1 : 0) };
      onPage(counts, page);
      if (page.oldest !== undefined && page.oldest > began) break;
      if (page.events === 0) await this.pace.wait(EMPTY_PAGE_MS, signal);
      place = next;
    }
    return counts;
  }

  /** @returns false when it was told to end before there was room. */
  private async store(
    { name, run }: CatchUpOrder,
    { bytes }: JournalPage,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      await this.backlog.whenRoom(bytes.length, signal);
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
    const receivedAt = new Date(this.pace.now()).toISOString();
    await this.queue.add({
      source: name,
      kind: 'adobe',
      route: 'journal',
      mode: 'live',
      run,
      receivedAt,
      bodies: [bytes],
    });
    return true;
  }

  /** Undefined when it was told to end. */
  private async ask(
    journal: ReadableJournal,
    place: string,
    signal: AbortSignal,
  ): Promise<JournalAnswer | undefined> {
    for (let tries = 1; !signal.aborted; tries += 1) {
      try {
        return await this.client.read(journal, place);
      } catch (error) {
        if (!(error instanceof Failure) || error.isFinal(tries === TRIES)) throw error;
        const named = error.retry.kind === 'at' ? error.retry.at - this.pace.now() : 0;
        const wait = Math.max(named, FIRST_PAUSE_MS * 2 ** (tries - 1));
        await this.pace.wait(Math.min(wait, LONGEST_PAUSE_MS), signal);
      }
    }
    return undefined;
  }
}

/** So that nobody who ends it has to wait for an answer of Adobe's. */
function toldToEnd(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
}

function readableJournal({ name, source }: CatchUpOrder): ReadableJournal {
  const account = accountOf(source);
  const { journal } = source;
  if (account !== undefined && journal !== undefined) return { account, journal };
  throw permanent('catch_up.no_journal', `Source ${name} has no journal: give it "ims" and "journal".`);
}
