import { activityOfRow, type Column } from './activity-row.js';
import { csvRecords, type CsvRecord } from './csv-records.js';
import { readHeader } from './file-format.js';
import type { Row, Said } from './row.js';

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
  const records = csvRecords(name, chunks, delimiter);
  const first = await records.next();
  const header = first.done === true ? [] : (first.value.cells ?? []).map((cell) => cell.trim());
  const { ignored } = readHeader(name, header);
  return { ignored, rows: rowsOf(records, header, munchkinId) };
}

async function* rowsOf(
  records: AsyncGenerator<CsvRecord>,
  header: readonly string[],
  munchkinId: string,
): AsyncGenerator<Row> {
  const places = new Map(header.map((column, index) => [column, index]));
  for await (const { line, raw, cells } of records) yield { line, raw, said: said(cells) };

  function said(cells: readonly string[] | undefined): Said {
    if (cells === undefined)
      return { reason: 'A quote is opened in it that nothing closes until the end of the file.' };
    if (cells.length !== header.length)
      return { reason: `It has ${cells.length} cells, and the header ${header.length}.` };
    const cell = (column: Column): string | undefined => cells[places.get(column) ?? -1];
    return activityOfRow(cell, munchkinId);
  }
}
