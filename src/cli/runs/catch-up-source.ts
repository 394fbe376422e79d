import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { CatchUp, type CatchUpCounts, type CatchUpWatch, JOURNAL_KEPT_MS } from '../../adobe-io/catch-up.js';
import type { AdobeSource } from '../../contracts/connections.js';
import { counted, whole } from '../../contracts/counted.js';
import { audit } from '../app/audit.js';
import { Progress } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';
import { became, followRun, STUCK } from './follow-run.js';

export interface NamedSource {
  readonly name: string;
  readonly source: AdobeSource;
}

/** Reads the journal of one source, waits for what the workers make of it, and tells. `backMs`: all unless given. */
export async function catchUpSource(
  rooms: INestApplicationContext,
  { name, source }: NamedSource,
  backMs: number | undefined,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const run = `catch-up-${randomUUID()}`;
  const from = Date.now() - (backMs ?? JOURNAL_KEPT_MS);
  const detail = `since ${new Date(from).toISOString()}, run ${run}`;
  await audit(rooms, { what: 'catch-up', target: name, detail });
  const order = { name, source, run, ...(backMs === undefined ? {} : { backMs }) };
  const { watch, stop } = watching(name, from, terminal, signal);
  const counts = await rooms.get(CatchUp, { strict: false }).read(order, watch).finally(stop);
  const found = `${name}: ${counted(counts.events, 'event')} in the journal`;
  try {
    signal.throwIfAborted();
    if (counts.batches === 0) terminal.print(found);
    else await tellSeen(rooms, { run, found, counts }, terminal, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    const stored = counted(counts.events, 'event');
    terminal.complain(
      `Stopped. Of ${name} ${stored} were read and will be seen through; the rest was not read.`,
    );
    terminal.fail();
  }
}

/** By the times of the events: how many there are, nobody knows before the end. */
function watching(
  name: string,
  from: number,
  terminal: Terminal,
  signal: AbortSignal,
): { readonly watch: CatchUpWatch; readonly stop: () => void } {
  const wholeMs = Date.now() - from;
  const progress = new Progress(terminal, wholeMs);
  const onPage: CatchUpWatch['onPage'] = ({ events }, { newest }) => {
    const done = Math.min(Math.max((newest ?? from) - from, 0), wholeMs);
    progress.show(done, `${name}: ${whole(events)} events read`);
  };
  return {
    watch: { signal, onPage },
    stop: () => {
      progress.stop();
    },
  };
}

async function tellSeen(
  rooms: INestApplicationContext,
  { run, found, counts: { batches } }: { run: string; found: string; counts: CatchUpCounts },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { end, counts } = await followRun(rooms, { run, batches }, terminal, signal);
  switch (end) {
    case 'done':
      terminal.print(`${found}: ${became(counts)}`);
      break;
    case 'no-worker':
      terminal.print(`${found}; no worker runs now, so what is new will be acted on later`);
      break;
    case 'stuck':
      terminal.complain(`${found}: ${became(counts)}; ${STUCK}`);
      terminal.fail();
  }
}
