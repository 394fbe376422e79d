import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { exitFailure, folderFailure } from './embedded-failures.js';
import { type FolderLock, lockFolder } from './folder-lock.js';
import { type GuardedProcess, startGuarded } from './guarded-process.js';
import { endLeftover } from './leftover-redis.js';
import { findRedisBinary } from './redis-binary.js';
import { defaultRedisBytes } from './redis-memory.js';
import { untilReady } from './redis-ready.js';
import { socketFolder } from './socket-folder.js';

const KILL_AFTER_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const SLOWEST_RESTART_MS = 5_000;
/** A run of this length counts as a good one. */
const STEADY_MS = 30_000;
const LINES_KEPT = 20;

/**
 * What is kept of a lead is a hash of a few logs. While none of them is longer than this, Redis keeps them in one piece,
 * without tables and pointers that would weigh more than the logs. (Redis 7 says `listpack`, but every version knows this.)
 */
export const COMPACT_HASHES: readonly string[] = ['--hash-max-ziplist-value', '4096'];

/** Our own redis-server: a child that keeps its data in the data folder, is started again when it dies, and ends with us. */
export class EmbeddedRedis {
  private readonly logger = new Logger('Redis');
  private readonly stopping = new AbortController();
  private readonly lastLines: string[] = [];
  private child: GuardedProcess | undefined;
  private restarting: Promise<void> = Promise.resolve();
  private startedAt = 0;
  private pauseMs = FIRST_PAUSE_MS;

  private constructor(
    /** Absolute path of the Unix socket it listens on. */
    readonly socket: string,
    private readonly folder: string,
    private readonly command: readonly string[],
    private readonly lock: FolderLock,
  ) {}

  /**
   * Resolves when Redis has read its data back and answers. Throws a `Failure` with one sentence that says what to do
   * when it cannot run; `redis.folder_in_use` when another instance has the folder. `maxBytes`: memory that it may use.
   */
  static async start(dataDir: string, maxBytes = defaultRedisBytes()): Promise<EmbeddedRedis> {
    const binary = findRedisBinary();
    const folder = join(dataDir, 'redis');
    const sockets = makeFolders(dataDir, folder);
    const lock = await lockFolder(sockets, dataDir);
    const socket = embeddedSocket(sockets);
    const redis = new EmbeddedRedis(socket, folder, [binary, ...options(folder, socket, maxBytes)], lock);
    try {
      await endLeftover(redis.socket);
      await redis.launch();
    } catch (error) {
      await redis.stop();
      throw error;
    }
    return redis;
  }

  /** Resolves when Redis has written everything and is gone. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.child?.stop(KILL_AFTER_MS);
    await this.restarting;
    this.lock.release();
  }

  private async launch(): Promise<void> {
    const began = performance.now();
    const child = await startGuarded(this.command, (line) => {
      this.keep(line);
    });
    this.child = child;
    if (this.stopping.signal.aborted) await child.stop(KILL_AFTER_MS);
    const ready = await untilReady(this.socket, child, (seconds) => {
      this.logger.log(`Redis is reading its data back, for ${seconds} s so far.`);
    });
    if (!ready) throw exitFailure(this.folder, await child.ended, this.lastLines);
    this.startedAt = performance.now();
    this.logger.log(`Redis runs in ${this.folder}, ready after ${Math.round(performance.now() - began)} ms.`);
    void child.ended.then((how) => {
      if (!this.stopping.signal.aborted) this.restarting = this.restart(how);
    });
  }

  private async restart(how: string): Promise<void> {
    this.logger.error(exitFailure(this.folder, how, this.lastLines).message);
    const { signal } = this.stopping;
    // One that comes up and dies again at once, on a full disk say, is not started without end.
    if (performance.now() - this.startedAt > STEADY_MS) this.pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      try {
        await pause(this.pauseMs, undefined, { signal });
        this.pauseMs = Math.min(this.pauseMs * 2, SLOWEST_RESTART_MS);
        await this.launch();
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.logger.error(error instanceof Error ? error.message : String(error));
      }
    }
  }

  private keep(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > LINES_KEPT) this.lastLines.shift();
  }
}

/** The socket of the instance whose sockets are in `folder`. */
export function embeddedSocket(folder: string): string {
  return join(folder, 'redis.sock');
}

function options(folder: string, socket: string, maxBytes: number): string[] {
  return [
    ...['--dir', folder, '--port', '0', '--unixsocket', socket, '--unixsocketperm', '700'],
    // Durable on every write, and never a key thrown away: what the queues stand on.
    ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--maxmemory-policy', 'noeviction'],
    // A full Redis refuses writes and goes on; one that takes all memory is killed by the machine.
    ...['--maxmemory', String(maxBytes)],
    ...COMPACT_HASHES,
    // A crash may cut the last write short; the rest is good.
    ...['--aof-load-truncated', 'yes'],
  ];
}

function makeFolders(dataDir: string, folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    return socketFolder(dataDir);
  } catch (error) {
    throw folderFailure(dataDir, error);
  }
}
