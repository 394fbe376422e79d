import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { RawBatch } from '../../contracts/batch.js';
import { Failure } from '../../contracts/failure.js';
import { ownBatch } from '../../contracts/own-event.js';
import type { HealthDetail } from '../../observability/health.js';
import type { Backlog } from '../../queues/backlog.js';
import type { Locks } from '../../state/locks.js';
import type { Pace } from '../pace.js';
import { Backoff } from './backoff.js';
import type { JournalAnswer, JournalClient, ReadableJournal } from './journal-client.js';
import { latestPlace, oldestPlace } from './journal-links.js';
import type { JournalMetrics } from './journal-metrics.js';
import type { JournalPage } from './journal-page.js';
import type { JournalPosition, JournalPositions } from './journal-positions.js';

/** Reading a page takes less: token 10 s, page 15 s. Before it is stored the lease is renewed. */
const LEASE_MS = 30_000;
/** How often the lease is renewed, or asked for, while there is nothing else to do. */
const LOOK_MS = 10_000;
/** How often it is written down that nothing was missing though nothing came. */
const NOTE_MS = 10 * 60_000;
/** Pages without events may follow each other without end; to be asked for them without a pause is too much. */
const EMPTY_PAGE_MS = 2_000;
/** Adobe keeps a journal for seven days. An hour less, so that nothing is taken for safe that was at the edge. */
const SURELY_KEPT_MS = (7 * 24 - 1) * 3_600_000;

/** A source whose journal is read. */
export interface PulledSource extends ReadableJournal {
  readonly name: string;
}

export interface PullerTools {
  readonly client: JournalClient;
  readonly positions: JournalPositions;
  readonly queue: { add(batch: RawBatch): Promise<void> };
  readonly backlog: Pick<Backlog, 'whenRoom'>;
  readonly locks: Pick<Locks, 'acquire' | 'release'>;
  readonly metrics: JournalMetrics;
  readonly pace: Pace;
}

/**
 * Reads the journal of one source, for ever, in one process of all. A page is stored before the position behind it:
 * a crash repeats a page and loses none, and what came twice is recognised when it is decided.
 */
export class JournalPuller {
  private readonly log: Logger;
  private readonly holder = randomUUID();
  private readonly backoff: Backoff;
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** What this process knows of the position, should Redis come back empty. */
  private known: JournalPosition | undefined;
  /** Epoch milliseconds. */
  private notBefore = 0;
  private state: HealthDetail = { ok: true, detail: 'not read yet' };

  constructor(
    private readonly source: PulledSource,
    private readonly tools: PullerTools,
  ) {
    this.log = new Logger(`Journal ${source.name}`);
    this.backoff = new Backoff(this.log);
  }

  start(): void {
    this.running = this.run();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  /** Never the reason to be not ready: what is behind is caught up with, and the door is open meanwhile. */
  health(): HealthDetail {
    return this.state;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      const waitMs = await this.turn().catch((error: unknown) => this.failed(error));
      await this.tools.pace.wait(waitMs, signal);
    }
    await this.tools.locks.release(this.lock, this.holder).catch(() => undefined);
  }

  /** @returns milliseconds until the next turn. */
  private async turn(): Promise<number> {
    const mine = await this.holds();
    const stored = await this.tools.positions.get(this.source.name);
    // Also while another process reads: its position must survive a Redis that comes back empty.
    this.known = this.isOurs(stored) ?? this.known;
    if (!mine) {
      this.state = { ok: true, detail: 'another process reads it' };
      return LOOK_MS;
    }
    if (stored === undefined && this.known !== undefined) {
      this.log.warn('Redis has lost the position in the journal: reading goes on from the one in memory.');
      await this.tools.positions.set(this.source.name, this.known);
    }
    const rest = this.notBefore - this.tools.pace.now();
    if (rest > 0) return Math.min(rest, LOOK_MS);
    await this.read();
    return Math.min(Math.max(this.notBefore - this.tools.pace.now(), 0), LOOK_MS);
  }

  private async read(): Promise<void> {
    const { journal } = this.source;
    const first = journal.startAt === 'latest' ? latestPlace(journal) : oldestPlace(journal);
    const place = this.known?.next ?? first;
    const answer = await this.tools.client.read(this.source, place);
    if (answer.kind === 'page')
      await this.tools.backlog.whenRoom(answer.page.bytes.length, this.ending.signal);
    // All that may have taken longer than the lease, and then somebody else is at it.
    if (!(await this.holds())) return;
    await this.take(answer, place);
    this.backoff.over();
  }

  private async take(answer: JournalAnswer, place: string): Promise<void> {
    const now = this.tools.pace.now();
    switch (answer.kind) {
      case 'page':
        await this.store(answer.page, now);
        // What came before this page's events is safe, what comes after them is not yet.
        await this.moveTo(answer.next, Math.min(answer.page.newest ?? this.known?.readAt ?? now, now));
        if (answer.page.events === 0) this.notBefore = now + EMPTY_PAGE_MS;
        break;
      case 'nothing':
        this.tools.metrics.lag.set({ source: this.source.name }, 0);
        this.state = { ok: true, detail: `read to its end at ${new Date(now).toISOString()}` };
        if (answer.next !== place || now - (this.known?.readAt ?? 0) >= NOTE_MS)
          await this.moveTo(answer.next, now);
        this.notBefore = now + answer.waitMs;
        break;
      case 'expired':
        await this.restart(answer.reason, now);
        break;
    }
  }

  private async store({ bytes, events, newest }: JournalPage, now: number): Promise<void> {
    const { name: source } = this.source;
    const { metrics, queue } = this.tools;
    if (events > 0) {
      const receivedAt = new Date(now).toISOString();
      await queue.add({ source, kind: 'adobe', route: 'journal', mode: 'live', receivedAt, bodies: [bytes] });
    }
    metrics.pages.inc({ source });
    metrics.events.inc({ source }, events);
    if (newest === undefined) return;
    metrics.lag.set({ source }, Math.max(0, now - newest) / 1_000);
    this.state = { ok: true, detail: `read to events of ${new Date(newest).toISOString()}` };
  }

  /** Adobe no longer has what comes next: all that it still has is read, and what may be lost is told. */
  private async restart(reason: string, now: number): Promise<void> {
    const { name: source, journal } = this.source;
    const { next, readAt } = this.known ?? { next: '', readAt: now };
    if (now - readAt > SURELY_KEPT_MS) {
      const from = new Date(readAt).toISOString();
      const to = new Date(now - SURELY_KEPT_MS).toISOString();
      this.log.error(`Events between ${from} and ${to} are no longer in the journal. Adobe says: ${reason}`);
      const data = { source, from, to, reason };
      const identity = [source, next];
      await this.tools.queue.add(ownBatch({ type: 'signalman.journal.gap', identity, at: now, data }));
      this.tools.metrics.gaps.inc({ source });
    } else
      this.log.log('The position in the journal has expired; nothing is missing. Reading all that is left.');
    await this.moveTo(oldestPlace(journal), Math.max(readAt, now - SURELY_KEPT_MS));
  }

  private async moveTo(next: string, readAt: number): Promise<void> {
    const position = { journal: this.path, next, readAt };
    await this.tools.positions.set(this.source.name, position);
    this.known = position;
  }

  private failed(error: unknown): number {
    const code = error instanceof Failure ? error.code : 'other';
    const message = error instanceof Error ? error.message : String(error);
    if (this.ending.signal.aborted) return 0;
    this.tools.metrics.errors.inc({ source: this.source.name, code });
    this.state = { ok: true, detail: `cannot be read: ${message}` };
    const now = this.tools.pace.now();
    const waitMs = this.backoff.after(error, now);
    this.notBefore = now + waitMs;
    return Math.min(waitMs, LOOK_MS);
  }

  private async holds(): Promise<boolean> {
    return await this.tools.locks.acquire(this.lock, this.holder, LEASE_MS);
  }

  private get lock(): string {
    return `adobe-journal:${this.source.name}`;
  }

  private get path(): string {
    return new URL(this.source.journal.url).pathname;
  }

  private isOurs(position: JournalPosition | undefined): JournalPosition | undefined {
    return position?.journal === this.path ? position : undefined;
  }
}
