import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { RawBatch } from '../contracts/batch.js';
import { transient } from '../contracts/failure.js';
import { Backlog } from '../queues/backlog.js';
import { EventsQueue } from '../queues/events-queue.js';
import { BatchBuilder } from './batch-builder.js';
import { openImportFile } from './import-file.js';
import type { ImportCounts, ImportOrder, RefusedRow } from './import-order.js';
import { ImportQuarantine } from './import-quarantine.js';
import type { Input } from './input.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A quarter of an hour in all. */
const TRIES = 36;

/** Follows an import. */
export interface ImportWatch {
  /** After every batch. */
  readonly onProgress?: (counts: ImportCounts) => void;
  readonly onRefused?: (row: RefusedRow) => void;
  /** Once an outage; `reason`: of Redis. */
  readonly onWaiting?: (reason: string) => void;
  /** Ends it between two batches. */
  readonly signal?: AbortSignal;
}

/** Stores what is in files as batches, as fast as there is room for them. */
@Injectable()
export class Importer {
  constructor(
    private readonly events: EventsQueue,
    private readonly backlog: Backlog,
    private readonly quarantine: ImportQuarantine,
  ) {}

  /**
   * Reads one file after the other to its end. What could not be read is put into quarantine with its place. Throws a
   * `Failure` when a file cannot be read on, or when Redis takes nothing for a quarter of an hour; what was stored before
   * stays stored. Throws the signal's reason when it aborts.
   */
  async run(inputs: readonly Input[], order: ImportOrder, watch: ImportWatch): Promise<ImportCounts> {
    const counts = { rows: 0, events: 0, batches: 0, refused: 0 };
    const refuse = async (rows: readonly RefusedRow[]): Promise<void> => {
      counts.refused += rows.length;
      for (const row of rows) watch.onRefused?.(row);
      if (rows.length > 0) await this.quarantine.add(order, rows);
    };
    const builder = new BatchBuilder(order);
    const store = async (): Promise<void> => {
      const { built, refused } = builder.take(new Date().toISOString());
      await refuse(refused);
      if (built !== undefined) {
        await this.store(built.batch, watch);
        counts.events += built.events;
        counts.batches += 1;
      }
      watch.onProgress?.({ ...counts });
    };
    for (const input of inputs) {
      const { rows, close } = await openImportFile(input, order.target, order.munchkinId);
      try {
        for await (const row of rows) {
          counts.rows += 1;
          await refuse(builder.add(input.name, row));
          if (builder.isFull) await store();
        }
      } finally {
        await close();
      }
    }
    await store();
    return counts;
  }

  private async store(batch: RawBatch, watch: ImportWatch): Promise<void> {
    const bytes = batch.bodies.reduce((sum, { length }) => sum + length, 0);
    await this.backlog.whenRoom(bytes, watch.signal);
    for (let tries = 1; ; tries += 1) {
      watch.signal?.throwIfAborted();
      try {
        // Stored though it failed, it is stored twice, and its events are recognised.
        await this.events.add(batch);
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (tries === 1) watch.onWaiting?.(reason);
        if (tries === TRIES)
          throw transient('import.not_stored', `Redis takes nothing: ${reason}`, { cause: error });
        const wait = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
        await pause(wait, undefined, watch.signal === undefined ? {} : { signal: watch.signal });
      }
    }
  }
}

/** How many rows a file has, and how many of them say nothing. Reads it to its end. */
export async function countRows(
  input: Input,
  order: ImportOrder,
): Promise<{ rows: number; refused: number }> {
  const { rows, close } = await openImportFile(input, order.target, order.munchkinId);
  const counts = { rows: 0, refused: 0 };
  try {
    for await (const { said } of rows) {
      counts.rows += 1;
      if ('reason' in said) counts.refused += 1;
    }
  } finally {
    await close();
  }
  return counts;
}
