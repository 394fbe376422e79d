import { pipeline, Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { permanent } from '../contracts/failure.js';

/** Longest row that is held, in bytes; the door takes no body of more. */
const MAX_ROW_BYTES = 3 * 1024 * 1024;
const LINE_BREAK = /\r\n?|\n/g;

export interface CsvRecord {
  /** The first of its lines, from 1. */
  readonly line: number;
  /** Its text, without the line break after it. */
  readonly raw: string;
  /** Undefined when a quote is opened in it that nothing closes until the end. */
  readonly cells: readonly string[] | undefined;
}

/**
 * Splits CSV into records, whatever their quotes are like. A quote that is not closed swallows what stands until the
 * next one, and nothing of that is read again as records: text inside quotes is other people's, and could pass for one.
 * Throws a `Failure` at a record that is too long to be held.
 */
export async function* csvRecords(
  name: string,
  chunks: AsyncGenerator<Buffer>,
  delimiter: string,
): AsyncGenerator<CsvRecord> {
  let ending: { readonly error: CsvError | undefined; readonly raw: string } | undefined;
  const parser = parse({
    bom: true,
    delimiter,
    raw: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    // An error would throw away the records that were split before it and not yet taken.
    skip_records_with_error: true,
    on_skip: (error, raw) => {
      ending ??= { error, raw: raw ?? '' };
      return undefined;
    },
  });
  async function* untilError(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      yield chunk;
      if (ending !== undefined) return;
    }
  }
  // What goes wrong at the other end comes out where the records are read.
  pipeline(Readable.from(untilError(), { objectMode: false }), parser, () => undefined);
  let line = 1;
  for await (const { record, raw } of parser as AsyncIterable<{ record: string[]; raw: string }>) {
    const { text, before } = trimmed(raw);
    yield { line: line + before, raw: text, cells: record };
    line += breaksIn(raw);
  }
  if (ending === undefined) return;
  const { text, before } = trimmed(ending.raw);
  if (ending.error?.code !== 'CSV_QUOTE_NOT_CLOSED') throw cannotGoOn(name, line + before, ending.error);
  yield { line: line + before, raw: text, cells: undefined };
}

/** Empty lines before a record come with it. */
function trimmed(raw: string): { readonly text: string; readonly before: number } {
  const text = raw.replace(/^[\r\n]+/, '');
  return { text: text.replace(/[\r\n]+$/, ''), before: breaksIn(raw.slice(0, raw.length - text.length)) };
}

function breaksIn(text: string): number {
  return text.match(LINE_BREAK)?.length ?? 0;
}

function cannotGoOn(name: string, line: number, error: CsvError | undefined): Error {
  const why =
    error?.code === 'CSV_MAX_RECORD_SIZE'
      ? `the row has more than ${MAX_ROW_BYTES} bytes. Is a quote not closed there?`
      : (error?.message ?? 'the row cannot be split.');
  return permanent('import.csv', `${name} cannot be read on from line ${line}: ${why}`, error);
}
