import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { transient } from '../contracts/failure.js';

const EVERY_MS = 20;
const LONGEST_MS = 30_000;
/** A Redis that ends closes its socket first and removes the file a moment later. */
const REMOVAL_MS = 200;

/**
 * After a crash of its parent the previous Redis may still be writing its last commands: two servers on one
 * append-only file would ruin it. Asks it to end, waits until it has; throws a `Failure` when it does not within 30 s.
 */
export async function endLeftover(socket: string): Promise<void> {
  const began = performance.now();
  let refusedSince: number | undefined;
  while (performance.now() - began < LONGEST_MS) {
    const answer = await shutDown(socket);
    if (answer === 'ENOENT') return;
    const now = performance.now();
    refusedSince = answer === 'ECONNREFUSED' ? (refusedSince ?? now) : undefined;
    if (refusedSince !== undefined && now - refusedSince > REMOVAL_MS) return;
    await pause(EVERY_MS);
  }
  throw transient(
    'redis.leftover',
    `A Redis of an earlier run still holds ${socket} and does not end: stop it by hand.`,
  );
}

/** @returns the code of the error, undefined when somebody took the command. */
function shutDown(socket: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const connection = connect(socket, () => {
      connection.end('SHUTDOWN\r\n');
      connection.resume();
    });
    connection.setTimeout(1_000, () => connection.destroy());
    connection.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    });
    connection.once('close', () => {
      resolve(undefined);
    });
  });
}
