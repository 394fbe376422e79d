import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Latency } from '../pace.js';

export interface Asked {
  readonly run: string;
  readonly count: number;
  /** Each in turn. */
  readonly urls: readonly string[];
  readonly inFlight: number;
  /** Requests are signed when given. */
  readonly secret?: string;
  /** At this rate when given, and otherwise as fast as answers come. */
  readonly perSecond?: number;
}

export interface Told {
  readonly perSecond: number;
  /** Milliseconds of processor that a request took. */
  readonly cpuMs: number;
  /** From the request to its answer. */
  readonly latencyMs?: Latency;
}

/** undici in a process of its own, as the app is. */
export class UndiciAlone {
  private readonly child: ChildProcess = fork(join(import.meta.dirname, 'undici-alone.js'));

  async send(asked: Asked): Promise<Told> {
    this.child.send(asked);
    const [told] = (await once(this.child, 'message')) as [Told];
    return told;
  }

  async stop(): Promise<void> {
    this.child.kill();
    await once(this.child, 'exit');
  }
}
