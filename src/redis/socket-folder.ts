import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { permanent } from '../contracts/failure.js';

/** A socket's path may have 107 bytes on Linux and 103 on macOS. */
const LONGEST_PATH = 100;
const LONGEST_NAME = '/instance.lock.1234567890'.length;

/**
 * Where the sockets of the instance in `dataDir` (which exists) are: in the folder itself or, when its path is too
 * long for a socket, in a private folder under the temporary one that every instance finds by the same rule.
 */
export function socketFolder(dataDir: string): string {
  const real = realpathSync(dataDir);
  if (Buffer.byteLength(real) + LONGEST_NAME <= LONGEST_PATH) return real;
  const { uid } = userInfo();
  const digest = createHash('sha256').update(real).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `signalman-${uid}-${digest}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = lstatSync(folder);
  // Anybody may write in the temporary folder: somebody else's folder there could be a trap.
  if (!made.isDirectory() || made.uid !== uid || (made.mode & 0o077) !== 0) {
    throw permanent(
      'redis.socket_folder',
      `${folder} must be a folder that only user ${uid} can open: remove it.`,
    );
  }
  return folder;
}
