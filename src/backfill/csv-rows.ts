import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { permanent } from '../contracts/failure.js';
import { activityOfRow, type Column } from './activity-row.js';
import { readHeader } from './file-format.js';
import type { Row, Said } from './row.js';

/** Longest row that is held, in bytes; the door takes no body of more. */
export const MAX_ROW_BYTES = 3 * 1024 * 1024;
const LINE_BREAK = /\r\n?|\n/g;

interface CsvRecord {
  readonly record: readonly string[];
  readonly raw: string;
}

export interface CsvFile {
  /** Columns that are no part of an activity; nothing of them is kept. */
  readonly ignored: readonly string[];
  readonly rows: AsyncGenerator<Row>;
}

/**
 * Reads Marketo's bulk activity export. Resolves when its header is read; throws a `Failure` when that is none of an
 * export. A row that is wrong is told as such, and the rows after it are read.
 */
export async function openCsv(
  name: string,
  chunks: AsyncGenerator<Buffer>,
  delimiter: string,
  munchkinId: string,
): Promise<CsvFile> {
  const records = recordsOf(chunks, delimiter);
  const first = await nextRecord(name, records, 1);
  const header = 'record' in first ? first.record.map((cell) => cell.trim()) : [];
  const { ignored } = readHeader(name, header);
  const rows = rowsOf(name, records, header, munchkinId, 1 + breaksIn(first.raw));
  return { ignored, rows };
}

/**
 * A quote that is not closed swallows rows until the next one. What it swallowed is not read again as rows: text inside
 * quotes is other people's, and could pass for a row.
 */
function recordsOf(chunks: AsyncGenerator<Buffer>, delimiter: string): AsyncIterator<CsvRecord> {
  const parser = parse({
    bom: true,
    delimiter,
    raw: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
  });
  // Errors of both ends come out where the records are read.
  pipeline(Readable.from(chunks, { objectMode: false }), parser, () => undefined);
  return (parser as AsyncIterable<CsvRecord>)[Symbol.asyncIterator]();
}

async function* rowsOf(
  name: string,
  records: AsyncIterator<CsvRecord>,
  header: readonly string[],
  munchkinId: string,
  start: number,
): AsyncGenerator<Row> {
  const places = new Map(header.map((column, index) => [column, index]));
  let line = start;
  try {
    for (;;) {
      const next = await nextRecord(name, records, line);
      if ('done' in next) return;
      const text = next.raw.replace(/^[\r\n]+/, '');
      const at = line + breaksIn(next.raw.slice(0, next.raw.length - text.length));
      line += breaksIn(next.raw);
      const raw = text.replace(/[\r\n]+$/, '');
      yield { line: at, raw, said: 'record' in next ? said(next.record) : { reason: next.reason } };
    }
  } finally {
    await records.return?.();
  }

  function said(record: readonly string[]): Said {
    if (record.length !== header.length)
      return { reason: `It has ${record.length} cells, and the header ${header.length}.` };
    const cell = (column: Column): string | undefined => record[places.get(column) ?? -1];
    return activityOfRow(cell, munchkinId);
  }
}

type Next =
  CsvRecord | { readonly reason: string; readonly raw: string } | { readonly done: true; readonly raw: '' };

/** Throws a `Failure` when nothing more can be read of the file. */
async function nextRecord(name: string, records: AsyncIterator<CsvRecord>, line: number): Promise<Next> {
  try {
    const next = await records.next();
    return next.done === true ? { done: true, raw: '' } : next.value;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const raw = typeof error['raw'] === 'string' ? error['raw'] : '';
    if (error.code === 'CSV_QUOTE_NOT_CLOSED')
      return { reason: 'A quote is opened in it that nothing closes until the end of the file.', raw };
    const said = error.code === 'CSV_MAX_RECORD_SIZE' ? tooLong(line) : error.message;
    throw permanent('import.csv', `${name} cannot be read on: ${said}`, error);
  }
}

function tooLong(line: number): string {
  return `the row that begins in line ${line} has more than ${MAX_ROW_BYTES} bytes. Is a quote not closed there?`;
}

function breaksIn(text: string): number {
  return text.match(LINE_BREAK)?.length ?? 0;
}
