import { permanent } from '../contracts/failure.js';
import { openCsv } from './csv-rows.js';
import { formatOf, HEAD_BYTES } from './file-format.js';
import { type Input, peek } from './input.js';
import { ndjsonRows } from './ndjson-rows.js';
import type { Row } from './row.js';
import { misfit, type Target } from './target.js';

/** A file whose beginning was found to be what can be imported. */
export interface ImportFile {
  /** Columns that are no part of an activity; nothing of them is kept. */
  readonly ignored: readonly string[];
  readonly rows: AsyncGenerator<Row>;
  /** Ends reading it. */
  readonly close: () => Promise<void>;
}

/**
 * Begins to read a file. Throws a `Failure` when it is no such thing, when its events are not for this source, or when
 * it does not say of which Marketo instance they are and nobody else did.
 */
export async function openImportFile(
  input: Input,
  target: Target,
  munchkinId: string | undefined,
): Promise<ImportFile> {
  const chunks = input.chunks();
  const close = async (): Promise<void> => {
    await chunks.return(undefined);
  };
  try {
    return { close, ...(await open(input.name, chunks, target, munchkinId)) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  name: string,
  chunks: AsyncGenerator<Buffer>,
  target: Target,
  munchkinId: string | undefined,
): Promise<Pick<ImportFile, 'ignored' | 'rows'>> {
  const { head, all } = await peek(chunks, HEAD_BYTES);
  const format = formatOf(name, head);
  if (format.kind === 'ndjson')
    return { ignored: [], rows: await begun(name, ndjsonRows(all, munchkinId), target) };
  const wrong = misfit('activity', target);
  if (wrong !== undefined) throw permanent('import.source', `${name}: ${wrong}`);
  if (munchkinId === undefined) {
    throw permanent(
      'import.munchkin_id',
      `${name} does not say of which Marketo instance it is: give --munchkin-id, such as 123-ABC-456.`,
    );
  }
  return await openCsv(name, all, format.delimiter, munchkinId);
}

/** The first line stands for all: when it does not fit, hardly any does. */
async function begun(name: string, rows: AsyncGenerator<Row>, target: Target): Promise<AsyncGenerator<Row>> {
  const first = await rows.next();
  if (first.done === true) return rows;
  const { said } = first.value;
  const wrong =
    'reason' in said ? said.reason : said.pieces.map(({ shape }) => misfit(shape, target)).find(Boolean);
  if (wrong !== undefined) throw permanent('import.line', `${name}:${first.value.line}: ${wrong}`);
  return after(first.value, rows);
}

async function* after(first: Row, rest: AsyncGenerator<Row>): AsyncGenerator<Row> {
  yield first;
  yield* rest;
}
