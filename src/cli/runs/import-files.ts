import type { INestApplicationContext } from '@nestjs/common';
import type { ImportCounts, ImportOrder, RefusedRow } from '../../backfill/import-order.js';
import { Importer } from '../../backfill/importer.js';
import type { Input } from '../../backfill/input.js';
import { type RunEnd, RunWatch } from '../../backfill/run-watch.js';
import { audit } from '../app/audit.js';
import { ImportProgress, whole } from '../terminal/progress.js';
import { interruption } from '../terminal/interruption.js';
import type { Terminal } from '../terminal/terminal.js';

const AGAIN = 'Run the same command again: what was taken in is recognised, and the rest follows.';
const GOES_ON = 'Everything is stored: the workers go on without this command.';
/** Of these each is shown; the rest is in the quarantine. */
const SHOWN = 5;

/** Stores what is in the files, waits for what the workers make of it, and tells. Ctrl-C ends it between two batches. */
export async function importFiles(
  rooms: INestApplicationContext,
  inputs: readonly Input[],
  order: ImportOrder,
  terminal: Terminal,
): Promise<void> {
  const { signal, end } = interruption();
  let stored = false;
  try {
    await audit(rooms, {
      what: 'import',
      target: order.target.name,
      detail: `as ${order.mode}, run ${order.run}: ${inputs.map(({ name }) => name).join(', ')}`,
    });
    const counts = await store(rooms.get(Importer, { strict: false }), inputs, order, terminal, signal);
    stored = true;
    tellStored(counts, terminal);
    if (counts.batches > 0)
      await tellSeen(rooms.get(RunWatch, { strict: false }), order.run, counts, terminal, signal);
  } catch (error) {
    terminal.complain(stored ? GOES_ON : AGAIN);
    if (!signal.aborted) throw error;
    if (!stored) terminal.fail();
  } finally {
    end();
  }
}

async function store(
  importer: Importer,
  inputs: readonly Input[],
  order: ImportOrder,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ImportCounts> {
  const sizes = inputs.map(({ size }) => size);
  const total = sizes.reduce(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  const progress = new ImportProgress(terminal, total);
  const began = performance.now();
  let refused = 0;
  try {
    return await importer.run(inputs, order, {
      signal,
      onProgress: ({ rows }) => {
        const bytes = inputs.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
        const rate = (rows * 1_000) / (performance.now() - began);
        progress.show(bytes, `${whole(rows)} rows, ${whole(Math.round(rate))} a second`);
      },
      onRefused: (row) => {
        refused += 1;
        if (refused <= SHOWN) tellRefused(row, terminal);
      },
      onWaiting: (reason) => {
        terminal.complain(`Waiting, since Redis takes nothing: ${reason}`);
      },
    });
  } finally {
    progress.stop();
  }
}

function tellRefused({ at, reason }: RefusedRow, { complain, paint }: Terminal): void {
  complain(`${paint.yellow(at)}: ${reason}`);
}

function tellStored({ rows, events, batches, refused }: ImportCounts, { print, complain }: Terminal): void {
  const stored = `${whole(events)} events stored in ${batchesOf(batches)}`;
  print(`${whole(rows)} rows read, ${stored}, ${whole(refused)} unreadable.`);
  if (refused > 0) complain('What could not be read, and why: signalman journal quarantine');
}

async function tellSeen(
  watch: RunWatch,
  run: string,
  { batches, refused }: ImportCounts,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { print, complain, fail } = terminal;
  const end = await untilSeen(watch, run, batches, terminal, signal);
  const seen = await watch.counts(run);
  const became = `${whole(seen.new)} were new, ${whole(seen.duplicates)} known, ${whole(seen.quarantined)} unreadable`;
  const left = batchesOf(batches - seen.batches);
  switch (end) {
    case 'done':
      print(`${became}.`);
      break;
    case 'no-worker':
      print(`${became}; ${left} to be worked through when a worker runs.`);
      break;
    case 'stuck':
      complain(`${became}; nothing happened to ${left} for a minute. See: signalman dead list`);
      fail();
  }
  if (seen.quarantined > refused) complain('What could not be read, and why: signalman journal quarantine');
}

async function untilSeen(
  watch: RunWatch,
  run: string,
  batches: number,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<RunEnd> {
  const progress = new ImportProgress(terminal, batches);
  try {
    return await watch.untilSeen(
      run,
      batches,
      (seen) => {
        progress.show(seen.batches, `${whole(seen.batches)} of ${batchesOf(batches)} worked through`);
      },
      signal,
    );
  } finally {
    progress.stop();
  }
}

function batchesOf(count: number): string {
  return `${whole(count)} ${count === 1 ? 'batch' : 'batches'}`;
}
