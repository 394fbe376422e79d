import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { type BacklogSample, effectsAreFull, fullest, type Refusal, refusalOf } from './backlog-limits.js';
import { BacklogProbe } from './backlog-probe.js';

/** Short against the time in which a backlog grows by much; the looks cost Redis a fraction of a millisecond. */
const EVERY_MS = 500;

/** What is fetched from elsewhere leaves this share to deliveries, which are lost if their sender gives up. */
const FETCHED_SHARE = 0.5;

/** Knows how much waits, from looks at Redis and from what this process stored since, and says when it is too much. */
@Injectable()
export class Backlog implements OnModuleInit, OnApplicationShutdown {
  private readonly ending = new AbortController();
  private latest: BacklogSample | undefined;
  private readonly since = { bytes: 0, batches: 0 };

  constructor(
    private readonly probe: BacklogProbe,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'limits'>,
  ) {}

  onModuleInit(): void {
    void this.keepLooking();
  }

  onApplicationShutdown(): void {
    this.ending.abort();
  }

  /** At the last look that succeeded; undefined before the first. */
  get sample(): BacklogSample | undefined {
    return this.latest;
  }

  /**
   * Why nothing may be taken now; undefined while there is room. `onTheWay`: bytes that are being stored.
   * Before the first look there is room.
   */
  refusal(onTheWay = 0): Refusal | undefined {
    const now = this.withSince(onTheWay);
    return now === undefined ? undefined : refusalOf(now, this.config.limits, Math.random());
  }

  /** A batch was stored by this process. */
  note(bytes: number): void {
    this.since.bytes += bytes;
    this.since.batches += 1;
  }

  /**
   * For what is fetched from elsewhere and is kept there until it is: resolves when the backlog is under half of what
   * may wait, so that the door has room for the rest, and notes the batch. Rejects when `signal` aborts.
   */
  async whenRoom(bytes: number, signal?: AbortSignal): Promise<void> {
    while (!this.hasRoomFor(bytes)) await pause(EVERY_MS, undefined, { signal });
    this.note(bytes);
  }

  /** Waits while effects are full, `withinMs` at most. False when they still are. */
  async roomForEffects(withinMs: number): Promise<boolean> {
    const end = performance.now() + withinMs;
    while (this.effectsAreFull() && performance.now() < end) await pause(EVERY_MS);
    return !this.effectsAreFull();
  }

  /** True while so many effects wait that no further batch is to be decided. */
  effectsAreFull(): boolean {
    return this.latest !== undefined && effectsAreFull(this.latest, this.config.limits);
  }

  private hasRoomFor(bytes: number): boolean {
    const now = this.withSince(bytes);
    return now !== undefined && fullest(now, this.config.limits)[0] < FETCHED_SHARE;
  }

  private withSince(onTheWay: number): BacklogSample | undefined {
    if (this.latest === undefined) return undefined;
    const { bytes, batches } = this.since;
    return {
      ...this.latest,
      bytes: this.latest.bytes + bytes + onTheWay,
      batches: this.latest.batches + batches,
    };
  }

  private async keepLooking(): Promise<void> {
    try {
      for (;;) {
        await this.look().catch(() => undefined);
        await pause(EVERY_MS, undefined, { signal: this.ending.signal, ref: false });
      }
    } catch {
      // The app ends.
    }
  }

  private async look(): Promise<void> {
    const { bytes, batches } = this.since;
    this.latest = await this.probe.look();
    // What was stored before the look is in it; what was stored during it may be, and is counted until the next.
    this.since.bytes -= bytes;
    this.since.batches -= batches;
  }
}
