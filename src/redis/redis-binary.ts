import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { permanent } from '../contracts/failure.js';

const NAMES = ['redis-server', 'valkey-server'];
/** Debian and Homebrew put it where a service's or a shell's PATH may not look. */
const USUAL = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Absolute path of a Redis or Valkey server. Throws a `Failure` that says how to get one. */
export function findRedisBinary(path = process.env['PATH'] ?? '', usual: readonly string[] = USUAL): string {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...usual];
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found !== undefined) return found;
  throw permanent(
    'redis.binary_missing',
    'There is no redis-server or valkey-server on this machine: run `npm run setup`, or install one with the ' +
      'package manager (Debian: `apt-get install redis-server`), or set REDIS_URL to a Redis that runs already.',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
