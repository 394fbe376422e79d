import { Inject, Injectable } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import { hourOf } from '../contracts/completeness.js';
import type { Connections } from '../contracts/connections.js';
import { CompletenessLedger, hoursBetween, type Heard } from '../journal/completeness.js';
import { learnedEvery, LEARNED_FROM_MS, type Expectation } from './expectation.js';
import { WatchMemory } from './watch-memory.js';

/** The stream of a source of which nothing was ever heard. */
export const ANY_STREAM = 'any';

/** So far back a delivery is looked for that has come and was not read yet. */
const UNREAD_MS = 3_600_000;

/** What is known of one stream of a configured source. */
export interface StreamState {
  readonly source: string;
  /** `any`: nothing was ever heard of the source. */
  readonly stream: string;
  /** Epoch milliseconds. Of a source that was never heard: since when it is watched. */
  readonly heardAt: number;
  readonly silentForMs: number;
  /** Undefined where any silence is normal, or too little is known to tell. */
  readonly expectation?: Expectation;
  /** It has been silent for longer than is normal. */
  readonly silent: boolean;
}

/** Knows of every stream of the configured sources when it was heard last, and whether that is too long ago. */
@Injectable()
export class StreamStates {
  /** What was learned, by stream, and of what was heard until which hour. */
  private readonly learned = new Map<
    string,
    { readonly until: string; readonly everyMs: number | undefined }
  >();

  constructor(
    private readonly ledger: CompletenessLedger,
    private readonly memory: WatchMemory,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  /** `now`: epoch milliseconds. */
  async at(now: number): Promise<StreamState[]> {
    const { sources } = this.connections;
    const heard = (await this.ledger.heard()).filter(({ source }) => Object.hasOwn(sources, source));
    const speaking = new Set(heard.map(({ source }) => source));
    const mute = Object.entries(sources).filter(
      ([name, { expectEveryMs = 0 }]) => expectEveryMs > 0 && !speaking.has(name),
    );
    const unheard = mute.map(async ([source]) => {
      return { source, stream: ANY_STREAM, at: await this.memory.expectedSince(source, now) };
    });
    const states: StreamState[] = [];
    for (const each of [...heard, ...(await Promise.all(unheard))])
      states.push(await this.stateOf(each, now));
    return states.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  }

  private async stateOf(heard: Heard, now: number): Promise<StreamState> {
    const { source, stream, at: heardAt } = heard;
    const silentForMs = Math.max(0, now - heardAt);
    const expectation = await this.expectationOf(heard);
    const late = expectation !== undefined && silentForMs > expectation.everyMs;
    const silent = late && !(await this.isUnread(source, now));
    const known = { source, stream, heardAt, silentForMs, silent };
    return expectation === undefined ? known : { ...known, expectation };
  }

  private async expectationOf(heard: Heard): Promise<Expectation | undefined> {
    const configured = this.connections.sources[heard.source]?.expectEveryMs;
    if (configured === 0) return undefined;
    if (configured !== undefined) return { everyMs: configured, learned: false };
    const everyMs = await this.learn(heard);
    return everyMs === undefined ? undefined : { everyMs, learned: true };
  }

  /** From the week before it was heard last: a silence that is under way must not make itself normal. */
  private async learn({ source, stream, at }: Heard): Promise<number | undefined> {
    const name = nameOf({ source, stream });
    const until = hourOf(new Date(at).toISOString());
    const known = this.learned.get(name);
    if (known?.until === until) return known.everyMs;
    const { lines } = await this.ledger.read(hoursBetween(at - LEARNED_FROM_MS, at), source);
    const spoken = lines.filter(
      (line) => line.stream === stream && line.counts.webhook + line.counts.journal > 0,
    );
    const everyMs = learnedEvery(spoken.map(({ hour }) => hour));
    this.learned.set(name, { until, everyMs });
    return everyMs;
  }

  /** Something has come from it that waits to be read, so nobody can say that it is silent. */
  private async isUnread(source: string, now: number): Promise<boolean> {
    const { deliveries } = await this.ledger.read(hoursBetween(now - UNREAD_MS, now), source);
    return deliveries.some(({ accepted, seen }) => accepted > seen);
  }
}

export function nameOf({ source, stream }: { readonly source: string; readonly stream: string }): string {
  return `${source}/${stream}`;
}
