import { dirname, join } from 'node:path';
import { type Failure, permanent, transient } from '../contracts/failure.js';

/** Why the data folder cannot be used, as one sentence that says what to do. */
export function folderFailure(dataDir: string, error: unknown): Failure {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    EACCES: `this user may not use it; change its owner, or name another folder in SIGNALMAN_DATA`,
    EPERM: `this user may not use it; change its owner, or name another folder in SIGNALMAN_DATA`,
    EROFS: `its file system is read-only; name another folder in SIGNALMAN_DATA`,
    ENOSPC: `its disk is full; free some space`,
    EEXIST: `there is a file of that name; move it, or name another folder in SIGNALMAN_DATA`,
    ENOTDIR: `there is a file where a folder should be; name another folder in SIGNALMAN_DATA`,
  };
  return permanent(
    'redis.data_folder',
    `Cannot keep data in ${dataDir}: ${reasons[code] ?? message}.`,
    error,
  );
}

/** Why our Redis ended, read from its last lines, as one sentence that says what to do. */
export function exitFailure(folder: string, how: string, lines: readonly string[]): Failure {
  const said = lines.join('\n');
  if (/No space left on device/i.test(said)) {
    return transient(
      'redis.disk_full',
      `Redis ended because the disk that holds ${folder} is full: free some space.`,
    );
  }
  if (/AOF write error|writing to the AOF/i.test(said)) {
    return transient('redis.disk', `Redis ended because it could not write in ${folder}: is the disk full?`);
  }
  if (/Permission denied|Read-only file system/i.test(said)) {
    return permanent(
      'redis.no_access',
      `Redis may not write in ${folder}: change the owner of what is in there.`,
    );
  }
  if (
    /Bad file format|Unexpected end of file|manifest file (?:format|is)|make a backup of your AOF/i.test(said)
  ) {
    const manifest = join(folder, 'appendonlydir', 'appendonly.aof.manifest');
    return permanent(
      'redis.damaged',
      `The data in ${folder} are damaged: keep a copy of ${dirname(manifest)}, then run \`redis-check-aof --fix ${manifest}\`.`,
    );
  }
  return transient('redis.ended', `Redis ended (${how}); its last word was: ${lines.at(-1) ?? 'nothing'}`);
}
