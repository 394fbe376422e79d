import { JsoncDocument } from './jsonc-document.js';
import { error, problemOf, type Problem } from './problem.js';

export type ListEntries = readonly (string | number)[];

export interface ReadList {
  /** Undefined when there is an error. */
  readonly entries?: ListEntries;
  readonly problems: readonly Problem[];
}

/** Reads a list for `inList`: JSON texts and numbers, or the first column of a CSV file, always as text. */
export function readList(file: string, text: string): ReadList {
  return file.endsWith('.csv') ? readCsv(file, text) : readJson(file, text);
}

function readJson(file: string, text: string): ReadList {
  const document = new JsoncDocument(file, text);
  const { value } = document;
  if (document.problems.length > 0) return { problems: document.problems };
  if (!Array.isArray(value)) {
    return { problems: [document.at([], error('list.shape', 'a list file must hold a JSON list'))] };
  }
  const problems = value.flatMap((entry, index) => {
    if (typeof entry === 'string' || typeof entry === 'number') return [];
    return [document.at([index], error('list.entry', 'an entry of a list must be a text or a number'))];
  });
  return problems.length > 0 ? { problems } : { entries: value as ListEntries, problems };
}

/** A first cell as spreadsheets write it: in quotes, doubled inside, where it holds a separator or a quote. */
const FIRST_CELL = /^\s*(?:"((?:[^"]|"")*)"\s*(?=[,;\t]|$)|([^",;\t]*))/;

function readCsv(file: string, text: string): ReadList {
  const entries: string[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [all = '', quoted, plain = ''] = FIRST_CELL.exec(line) ?? [];
    const entry = quoted?.replaceAll('""', '"') ?? plain.trim();
    if (line[all.length] === '"') {
      const finding = error(
        'list.entry',
        'this cell does not end: a closing quote is missing on the same line',
      );
      problems.push(problemOf(file, finding, { line: index + 1, column: 1 }));
    } else if (entry !== '') entries.push(entry);
  }
  return problems.length > 0 ? { problems } : { entries, problems };
}
