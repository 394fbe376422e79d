import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import type { RawBatch } from '../../contracts/batch.js';
import { ownBatch } from '../../contracts/own-event.js';
import type { HealthDetail } from '../../observability/health.js';
import type { Locks } from '../../state/locks.js';
import type { AdobeAccount } from '../ims/adobe-account.js';
import type { Pace } from '../pace.js';
import { delivers, type RegistrationClient, type RegistrationState } from './registration-client.js';
import type { KnownState, RegistrationStates } from './registration-states.js';

const EVERY_MS = 5 * 60_000;
/** Who asks keeps asking while it lives; another takes over when it has missed one turn. */
const LEASE_MS = 2 * EVERY_MS;

export interface WatchedRegistration {
  readonly name: string;
  readonly account: AdobeAccount;
  readonly registrationUrl: string;
}

export interface WatchTools {
  readonly client: RegistrationClient;
  readonly states: RegistrationStates;
  readonly queue: { add(batch: RawBatch): Promise<void> };
  readonly locks: Pick<Locks, 'acquire' | 'release'>;
  /** 1 while Adobe delivers, by source. */
  readonly ok: Gauge<'source'>;
  readonly pace: Pace;
}

/**
 * Asks every five minutes whether Adobe still delivers to a registration: it ceases to after many failures, and only a
 * person can make it deliver again. One process asks Adobe, the others read what it heard.
 */
export class RegistrationWatch {
  private readonly log: Logger;
  private readonly holder = randomUUID();
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private told: string | undefined;
  private state: HealthDetail = { ok: true, detail: 'not asked yet' };

  constructor(
    private readonly watched: WatchedRegistration,
    private readonly tools: WatchTools,
  ) {
    this.log = new Logger(`Registration ${watched.name}`);
  }

  start(): void {
    this.running = this.run();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  /** Never the reason to be not ready: taking the door away would make it worse. */
  health(): HealthDetail {
    return this.state;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.look().catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        this.tell(`cannot be asked for: ${message.replace(/\.$/, '')}`, !signal.aborted);
      });
      await this.tools.pace.wait(EVERY_MS * (0.9 + Math.random() / 5), signal);
    }
    await this.tools.locks.release(this.lock, this.holder).catch(() => undefined);
  }

  private async look(): Promise<void> {
    const { name, account, registrationUrl } = this.watched;
    const { locks, client, states } = this.tools;
    const asks = await locks.acquire(this.lock, this.holder, LEASE_MS);
    const previous = await states.get(name);
    if (!asks) {
      if (previous !== undefined) this.show(previous);
      return;
    }
    const state = await client.read(account, registrationUrl);
    const since = this.tools.pace.now();
    if (isNews(state, previous)) await this.raise(state, previous, since);
    if (previous === undefined || !isSame(state, previous)) await states.set(name, { ...state, since });
    this.show(state);
  }

  /** Queued before the new state is written down: a crash between the two repeats the same event. */
  private async raise(state: RegistrationState, previous: KnownState | undefined, at: number): Promise<void> {
    const { name: source } = this.watched;
    const { enabled, status } = state;
    const data = {
      source,
      enabled,
      status,
      previous: previous === undefined ? null : { enabled: previous.enabled, status: previous.status },
    };
    const identity = [source, previous?.since ?? null, enabled, status];
    await this.tools.queue.add(ownBatch({ type: 'signalman.registration.changed', identity, at, data }));
  }

  private show(state: RegistrationState): void {
    const good = delivers(state);
    this.tools.ok.set({ source: this.watched.name }, good ? 1 : 0);
    const words = `${state.enabled ? 'enabled' : 'not enabled'}, ${state.status}`;
    const remedy = 'mend what makes deliveries fail, then edit and save it in the Adobe Developer Console';
    this.tell(good ? words : `${words}: ${remedy}`, !good);
  }

  /** Says a thing once, until it changes. */
  private tell(detail: string, wrong: boolean): void {
    this.state = { ok: true, detail };
    if (detail === this.told) return;
    if (wrong) this.log.warn(`The registration of source ${this.watched.name} ${wordFor(detail)}${detail}.`);
    else if (this.told !== undefined) this.log.log(`The registration is ${detail}.`);
    this.told = detail;
  }

  private get lock(): string {
    return `adobe-registration:${this.watched.name}`;
  }
}

function wordFor(detail: string): string {
  return detail.startsWith('cannot') ? '' : 'is ';
}

/** A first look is news only when it finds something wrong. */
function isNews(state: RegistrationState, previous: KnownState | undefined): boolean {
  return previous === undefined ? !delivers(state) : !isSame(state, previous);
}

function isSame(a: RegistrationState, b: RegistrationState): boolean {
  return a.enabled === b.enabled && a.status === b.status;
}
