import type { INestApplicationContext } from '@nestjs/common';
import type { ImportCounts, ImportOrder, RefusedRow } from '../../backfill/import-order.js';
import { Importer } from '../../backfill/importer.js';
import type { Input } from '../../backfill/input.js';
import { counted, whole } from '../../contracts/counted.js';
import { audit } from '../app/audit.js';
import { Progress } from '../terminal/progress.js';
import { interruption } from '../terminal/interruption.js';
import type { Terminal } from '../terminal/terminal.js';
import { batchesOf, became, followRun, STUCK } from './follow-run.js';

const AGAIN = 'Run the same command again: what was taken in is recognised, and the rest follows.';
const GOES_ON = 'Everything is stored: the workers go on without this command.';
const UNREADABLE = 'What could not be read, and why: signalman journal quarantine';
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
    if (counts.batches > 0) await tellSeen(rooms, order.run, counts, terminal, signal);
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
  const progress = new Progress(terminal, total);
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
  const stored = `${counted(events, 'event')} stored in ${batchesOf(batches)}`;
  print(`${counted(rows, 'row')} read, ${stored}, ${whole(refused)} put into quarantine.`);
  if (refused > 0) complain(UNREADABLE);
}

async function tellSeen(
  rooms: INestApplicationContext,
  run: string,
  { batches, refused }: ImportCounts,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { print, complain, fail } = terminal;
  const { end, counts } = await followRun(rooms, { run, batches }, terminal, signal);
  switch (end) {
    case 'done':
      print(`${became(counts)}.`);
      break;
    case 'no-worker':
      print(
        `${became(counts)}; no worker runs now, so ${batchesOf(batches - counts.batches)} will follow later.`,
      );
      break;
    case 'stuck':
      complain(`${became(counts)}; ${STUCK}`);
      fail();
  }
  if (counts.quarantined > refused) complain(UNREADABLE);
}
