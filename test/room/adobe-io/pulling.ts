import { JournalClient } from '../../../src/adobe-io/journal/journal-client.js';
import { JournalMetrics } from '../../../src/adobe-io/journal/journal-metrics.js';
import { JournalPositions } from '../../../src/adobe-io/journal/journal-positions.js';
import { JournalPuller, type PullerTools } from '../../../src/adobe-io/journal/journal-puller.js';
import type { RawBatch } from '../../../src/contracts/batch.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { Locks } from '../../../src/state/locks.js';
import { eventually } from '../../support/eventually.js';
import { type Adobe, eventsOf, idsIn, startAdobe } from './adobe.js';

/** Pullers of one journal with a real Redis, a real stand-in and a queue that remembers. */
export class Pulling {
  readonly metrics = new Metrics();
  readonly stored: RawBatch[] = [];
  readonly tools: PullerTools;
  /** Why the queue takes nothing. */
  refusal: Error | undefined;
  /** Resolves when there is room in the queue. */
  room: Promise<void> = Promise.resolve();
  private readonly pullers: JournalPuller[] = [];

  private constructor(
    readonly adobe: Adobe,
    readonly connections: RedisConnections,
  ) {
    this.tools = {
      client: new JournalClient(adobe.api, adobe.pace),
      positions: new JournalPositions(connections),
      queue: {
        add: (batch) => {
          if (this.refusal !== undefined) return Promise.reject(this.refusal);
          this.stored.push(batch);
          return Promise.resolve();
        },
      },
      backlog: { whenRoom: () => this.room },
      locks: new Locks(connections),
      metrics: new JournalMetrics(this.metrics),
      pace: adobe.pace,
    };
  }

  /** Empties the Redis first. */
  static async begin(redisUrl: string): Promise<Pulling> {
    const connections = new RedisConnections(redisUrl);
    await connections.forWorkers().flushall();
    return new Pulling(await startAdobe(), connections);
  }

  start(changes: Partial<PullerTools> = {}, startAt: 'oldest' | 'latest' = 'oldest'): JournalPuller {
    const { account, journal } = this.adobe;
    const source = { name: 'marketo-io', account, journal: { ...journal, startAt } };
    const puller = new JournalPuller(source, { ...this.tools, ...changes });
    this.pullers.push(puller);
    puller.start();
    return puller;
  }

  /** As the process would be that is killed before it can write down how far it is. */
  startDoomed(): JournalPuller {
    const { positions } = this.tools;
    const doomed = {
      get: (source: string) => positions.get(source),
      set: () => Promise.reject(new Error('killed')),
    } as unknown as JournalPositions;
    return this.start({ positions: doomed });
  }

  append(...ids: string[]): void {
    this.adobe.standIn.append(eventsOf(ids, this.adobe.pace.now()));
  }

  /** Ids of the events of every page that was stored. */
  pages(): string[][] {
    return this.stored.filter(({ kind }) => kind === 'adobe').map(({ bodies }) => idsIn(bodies[0]));
  }

  /** Events of the engine's own that were stored. */
  own(): unknown[] {
    return this.stored
      .filter(({ kind }) => kind === 'signalman')
      .map(({ bodies }) => JSON.parse(String(bodies[0])) as unknown);
  }

  requests(): number {
    const asked = this.adobe.standIn.requests.all();
    return asked.filter(({ url }) => url.pathname.startsWith('/events')).length;
  }

  /** Lets time pass until the journal has been read once more. */
  async nextRead(): Promise<void> {
    const before = this.requests();
    await eventually(() => {
      if (this.requests() > before) return true;
      this.adobe.pace.pass(1_000);
      return false;
    });
    await this.adobe.pace.idle();
  }

  async metric(name: string): Promise<string> {
    return await this.metrics.registry.getSingleMetricAsString(name);
  }

  async end(): Promise<void> {
    await Promise.all(this.pullers.map((puller) => puller.stop()));
    await this.adobe.close();
    await this.connections.close();
  }
}
