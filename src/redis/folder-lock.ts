import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { linkSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { permanent } from '../contracts/failure.js';

const LOCK = /^instance\.lock\.(\d+)$/;
const ANSWER_MS = 500;
const EVERY_MS = 20;

export interface FolderLock {
  release(): void;
}

/**
 * Makes sure that one instance has the folder. The lock is a listening socket, so it ends with its process, however
 * that ends. Throws a `Failure` with code `redis.folder_in_use` when somebody holds it.
 *
 * Sockets are numbered and the highest number holds: a dead one is not removed but overtaken, because between finding
 * it dead and removing it another instance could have taken its place. Creating a name is what happens only once.
 */
export async function lockFolder(folder: string, dataDir: string): Promise<FolderLock> {
  for (;;) {
    const last = highest(folder);
    const holder = await whoHolds(nameOf(folder, last));
    if (holder !== undefined) throw inUse(dataDir, holder);
    const server = await take(folder, last + 1);
    if (server === undefined) continue;
    for (const old of numbers(folder).filter((number) => number <= last))
      rmSync(nameOf(folder, old), { force: true });
    return {
      release: () => {
        server.close();
      },
    };
  }
}

/** @returns undefined when another instance was faster. */
async function take(folder: string, number: number): Promise<Server | undefined> {
  const unique = join(folder, `instance.new.${randomBytes(4).toString('hex')}`);
  const server = await listen(unique);
  const won = created(unique, nameOf(folder, number));
  rmSync(unique, { force: true });
  if (won && highest(folder) === number) return server;
  // The number was free because a higher one holds and has removed it.
  if (won) rmSync(nameOf(folder, number), { force: true });
  server.close();
  return undefined;
}

function created(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function highest(folder: string): number {
  return Math.max(0, ...numbers(folder));
}

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => LOCK.exec(name)?.[1] ?? [])
    .map(Number);
}

function nameOf(folder: string, number: number): string {
  return join(folder, `instance.lock.${number}`);
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(String(process.pid));
  });
  server.listen(path);
  await once(server, 'listening');
  server.unref();
  return server;
}

/** @returns the process id of the holder ('' when it does not say), undefined when nobody listens. */
async function whoHolds(lock: string): Promise<string | undefined> {
  const end = performance.now() + ANSWER_MS;
  for (;;) {
    const answer = await ask(lock);
    // Hanging up without a word is what a process does that is being killed: it may be gone the next moment.
    if (answer !== '' || performance.now() > end) return answer;
    await pause(EVERY_MS);
  }
}

function ask(lock: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(lock);
    let answer: string | undefined = '';
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (pid) => {
      answer = pid.toString();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (['ECONNREFUSED', 'ENOENT'].includes(error.code ?? '')) answer = undefined;
    });
    socket.once('close', () => {
      resolve(answer);
    });
  });
}

function inUse(dataDir: string, holder: string): Error {
  const who = holder === '' ? '' : ` (process ${holder})`;
  return permanent(
    'redis.folder_in_use',
    `Another Signalman${who} runs in ${dataDir}: stop it, or give this one a folder of its own with SIGNALMAN_DATA.`,
  );
}
