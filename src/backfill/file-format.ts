import { isUtf8 } from 'node:buffer';
import { permanent } from '../contracts/failure.js';
import { COLUMNS, NEEDED_COLUMNS } from './activity-row.js';

/** So much of a file tells what it is. */
export const HEAD_BYTES = 64 * 1024;

export type FileFormat = { readonly kind: 'csv'; readonly delimiter: string } | { readonly kind: 'ndjson' };

/** Marketo exports with commas unless asked for tabs or for its `SSV`. */
const DELIMITERS = [',', '\t', ';'] as const;
const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/** Tells by its first bytes what a file is. Throws a `Failure` with what it should be when it is neither. */
export function formatOf(name: string, head: Buffer): FileFormat {
  if (head.length === 0) throw refused(name, 'is empty');
  if (head.subarray(0, 2).toString('latin1') === 'PK')
    throw refused(name, 'is a zip archive: unpack it first (gzip is read as it is)');
  const end = head.length < HEAD_BYTES ? head.length : head.lastIndexOf(NEWLINE) + 1;
  if (!isUtf8(head.subarray(0, end)))
    throw refused(name, 'is not UTF-8 text: convert it first, with iconv for example');
  const text = head.toString('utf8').replace(BYTE_ORDER_MARK, '').trimStart();
  if (text.startsWith('{')) return { kind: 'ndjson' };
  if (text.startsWith('['))
    throw refused(name, `is a JSON array: give one event a line, as jq -c '.[]' ${name} writes them`);
  return { kind: 'csv', delimiter: delimiterOf(name, text) };
}

function delimiterOf(name: string, text: string): string {
  const header = (text.split(/\r?\n/, 1)[0] ?? '').replaceAll('"', '');
  const found = DELIMITERS.find((delimiter) =>
    header.split(delimiter).some((column) => column.trim() === NEEDED_COLUMNS[0]),
  );
  if (found !== undefined) return found;
  throw refused(
    name,
    `is neither NDJSON nor an export of Marketo's: its first line does not name the column ${NEEDED_COLUMNS[0]}`,
  );
}

/** What a header says of the columns below it. Throws a `Failure` when one that is needed is missing or there twice. */
export function readHeader(name: string, cells: readonly string[]): { readonly ignored: readonly string[] } {
  const missing = NEEDED_COLUMNS.filter((column) => !cells.includes(column));
  if (missing.length > 0)
    throw refused(name, `has no column ${missing.join(', ')}: export it with its default columns`);
  const twice = COLUMNS.filter((column) => cells.indexOf(column) !== cells.lastIndexOf(column));
  if (twice.length > 0) throw refused(name, `has two columns ${twice.join(', ')}`);
  return { ignored: cells.filter((cell) => !COLUMNS.includes(cell)) };
}

function refused(name: string, why: string): Error {
  return permanent('import.format', `${name} ${why}.`);
}
