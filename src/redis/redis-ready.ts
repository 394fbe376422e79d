import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { GuardedProcess } from './guarded-process.js';

const EVERY_MS = 20;
const REPORT_EVERY_MS = 5_000;

/**
 * Waits until the server answers commands, however long it takes to read its data back.
 *
 * @param onWait called every 5 s with the seconds waited so far
 * @returns false when the process ended instead
 */
export async function untilReady(
  socket: string,
  server: GuardedProcess,
  onWait: (seconds: number) => void,
): Promise<boolean> {
  const client = new Redis(socket, {
    enableReadyCheck: false,
    enableOfflineQueue: false,
    retryStrategy: () => EVERY_MS,
  });
  client.on('error', () => undefined);
  const began = performance.now();
  let reported = 0;
  try {
    while (server.isRunning()) {
      if (await answers(client)) return true;
      const waited = performance.now() - began;
      if (waited - reported >= REPORT_EVERY_MS) {
        onWait(Math.round(waited / 1_000));
        reported = waited;
      }
      await pause(EVERY_MS);
    }
    return false;
  } finally {
    client.disconnect();
  }
}

async function answers(client: Redis): Promise<boolean> {
  try {
    await client.ping();
    return true;
  } catch {
    return false;
  }
}
