import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { error, problemOf, warning, type Finding, type Problem } from './problem.js';

export type FileKind = 'rule' | 'condition' | 'list';

/** A file of the rules folder. */
export interface FolderFile {
  /** As problems name it: `rules/leads/x.json`. */
  readonly file: string;
  readonly kind: FileKind;
  /** Rule id, or name of the shared condition or list. */
  readonly name: string;
  /** Undefined when it cannot be read; a problem says why. */
  readonly text: string | undefined;
}

export interface FolderListing {
  readonly files: readonly FolderFile[];
  readonly problems: readonly Problem[];
  /** Beginnings of file names of which it is not known what they hold now: a folder could not be read. */
  readonly unreadable: readonly string[];
}

/** Larger than any rule that a person writes; what is larger was put there by mistake. */
const MAX_BYTES = 1_048_576;
const AT_ONCE = 16;

interface Found {
  readonly file: string;
  readonly path: string;
  readonly kind: FileKind;
  readonly name: string;
  readonly isLink: boolean;
}

/** Lists and reads the rules folder. Whatever stands there, it is a problem at most. */
export async function readFiles(folder: string): Promise<FolderListing> {
  const problems: Problem[] = [];
  const unreadable: string[] = [];
  const found: Found[] = [];
  const fail = (file: string, finding: Finding) => problems.push(problemOf(file, finding));

  const walk = async (relative: string): Promise<void> => {
    const file = displayed(folder, relative);
    let entries: Dirent[];
    try {
      entries = await readdir(join(folder, relative), { withFileTypes: true });
    } catch (cause) {
      fail(file, unreadableFolder(folder, relative, cause));
      unreadable.push(`${file}/`);
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const inner = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) await walk(inner);
      else if (entry.isFile() || entry.isSymbolicLink()) take(inner, entry.isSymbolicLink());
    }
  };
  const take = (relative: string, isLink: boolean): void => {
    const file = displayed(folder, relative);
    const role = roleOf(relative);
    if (role !== undefined) found.push({ file, path: join(folder, relative), isLink, ...role });
    else if (/\.(jsonc|json5|ya?ml)$/i.test(relative)) {
      fail(file, warning('file.ending', 'this file is not read: the name of a rule file ends in .json'));
    }
  };

  await walk('');
  const files = await readAll(folder, found, fail);
  return { files, problems, unreadable };
}

function unreadableFolder(folder: string, relative: string, cause: unknown): Finding {
  const reason = reasonOf(cause);
  if (relative !== '') return error('folder.unreadable', `the folder cannot be read: ${reason}`);
  const message = `the rules folder ${folder} cannot be read: ${reason}; SIGNALMAN_RULES can name another`;
  return error('folder.root-unreadable', message);
}

function displayed(folder: string, relative: string): string {
  const top = basename(folder);
  return relative === '' ? top : `${top}/${relative}`;
}

/** What a file is for, by where it stands; undefined for files that are none of ours. */
export function roleOf(relative: string): { kind: FileKind; name: string } | undefined {
  const [, folder, rest, ending] = /^(conditions\/|lists\/)?(.+)\.(json|csv)$/.exec(relative) ?? [];
  if (rest === undefined || ending === undefined) return undefined;
  if (folder === 'lists/') return { kind: 'list', name: rest };
  if (ending === 'csv' || rest.endsWith('.test')) return undefined;
  return { kind: folder === undefined ? 'rule' : 'condition', name: rest };
}

async function readAll(
  folder: string,
  found: readonly Found[],
  fail: (file: string, finding: Finding) => void,
): Promise<FolderFile[]> {
  const root = await realpath(folder).catch(() => folder);
  const files: FolderFile[] = [];
  for (let from = 0; from < found.length; from += AT_ONCE) {
    const batch = found.slice(from, from + AT_ONCE).map(async ({ file, kind, name, path, isLink }) => {
      const text = await readText(path, isLink ? root : undefined);
      if (typeof text !== 'string') fail(file, text);
      return { file, kind, name, text: typeof text === 'string' ? text : undefined };
    });
    files.push(...(await Promise.all(batch)));
  }
  return files;
}

/** The text, or what keeps it from being read. With `root`, the path is a link that must not lead out of it. */
async function readText(path: string, root: string | undefined): Promise<string | Finding> {
  try {
    const target = root === undefined ? path : await realpath(path);
    if (root !== undefined && !target.startsWith(root + sep)) {
      return error('file.outside', 'this link leads out of the rules folder and is not followed');
    }
    const { size, ...stats } = await statOf(target);
    if (!stats.isFile) return error('file.no-file', 'this link does not lead to a file and is not followed');
    if (size > MAX_BYTES) {
      return error('file.too-large', `the file has ${size} bytes; ${MAX_BYTES} are the most that is read`);
    }
    const bytes = await readFile(target);
    if (!isUtf8(bytes))
      return error('file.not-utf8', 'the file is not UTF-8 text: save it with that encoding');
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    return error('file.unreadable', `the file cannot be read: ${reasonOf(cause)}`);
  }
}

async function statOf(path: string): Promise<{ size: number; isFile: boolean }> {
  const stats = await stat(path);
  return { size: stats.size, isFile: stats.isFile() };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EACCES: 'its permissions do not allow it',
  ELOOP: 'links lead round in a circle',
};

function reasonOf(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
