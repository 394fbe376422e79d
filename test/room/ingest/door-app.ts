import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Global, Module, type Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyServerOptions } from 'fastify';
import { AccessModule } from '../../../src/access/access.module.js';
import { ApiKeys } from '../../../src/access/api-keys.js';
import { FailedAttempts } from '../../../src/access/failed-attempts.js';
import { APP_CONFIG, CONNECTIONS, type Limits } from '../../../src/config/app-config.js';
import type { RawBatch } from '../../../src/contracts/batch.js';
import type { Connections } from '../../../src/contracts/connections.js';
import { registerBodyParsers } from '../../../src/ingest/body-parsers.js';
import type { BatchStore } from '../../../src/ingest/door/batch-writer.js';
import { IngestModule } from '../../../src/ingest/ingest.module.js';
import { REQUEST_LIMITS } from '../../../src/ingest/request-limits.js';
import { ObservabilityModule } from '../../../src/observability/observability.module.js';
import { Backlog } from '../../../src/queues/backlog.js';
import { BacklogModule } from '../../../src/queues/backlog.module.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { QueuesModule } from '../../../src/queues/queues.module.js';
import { RedisModule } from '../../../src/redis/redis.module.js';

export const CLIENT_ID = '0123456789abcdef0123456789abcdef';

/** What the door stored, in order; `fail` and `hold` make it a store that cannot. */
export class MemoryStore implements BatchStore {
  readonly batches: RawBatch[] = [];
  fail = false;
  /** Resolves the writes that wait; while set, writes wait. */
  gate: Promise<void> | undefined;

  async add(batch: RawBatch): Promise<void> {
    await this.gate;
    if (this.fail) throw new Error('no Redis');
    this.batches.push(batch);
  }

  get texts(): string[] {
    return this.batches.flatMap(({ bodies }) => bodies.map((body) => body.toString()));
  }
}

/** A key server with answers for any path, and a count of what was asked. */
export class KeyServer {
  readonly asked: string[] = [];
  readonly answers = new Map<string, { status: number; body: string; headers?: Record<string, string> }>();
  private readonly server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    this.asked.push(path);
    const answer = this.answers.get(path) ?? { status: 404, body: 'none' };
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  publish(path: string, key: KeyObject): void {
    this.answers.set(path, { status: 200, body: key.export({ type: 'spki', format: 'pem' }).toString() });
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

export const PAIRS = [1, 2].map((n) => ({
  path: `/prod/keys/pub-key-Test${n}.pem`,
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
})) as [SignedPair, SignedPair];

export interface SignedPair {
  readonly path: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function signature(body: string | Buffer, pair: SignedPair): string {
  return sign('rsa-sha256', Buffer.from(body), pair.privateKey).toString('base64');
}

/** The headers of a good delivery; single ones are replaced by tests. */
export function signed(body: string | Buffer): Record<string, string> {
  return {
    'content-type': 'application/cloudevents+json; charset=UTF-8',
    'x-adobe-public-key1-path': PAIRS[0].path,
    'x-adobe-public-key2-path': PAIRS[1].path,
    'x-adobe-digital-signature-1': signature(body, PAIRS[0]),
    'x-adobe-digital-signature-2': signature(body, PAIRS[1]),
  };
}

export interface DoorApp {
  readonly origin: string;
  readonly app: NestFastifyApplication;
}

export const ROOMY: Limits = { backlogBytes: 1e9, backlogBatches: 1e6, backlogEffects: 1e6 };

/** A backlog that is never too long. */
export const NO_BACKLOG = { refusal: () => undefined, note: () => undefined };

const OPTIONS = { bodyParser: false, logger: false } as const;

export interface DoorOptions {
  /** Beside the usual ones. */
  readonly sources?: Connections['sources'];
  /** What a request may take; as in the app unless told otherwise. */
  readonly requests?: FastifyServerOptions;
}

/** The real door on loopback. With `redis` it stores in the real queue, else in `store`. */
export async function startDoor(
  keyOrigin: string,
  where: { readonly store: BatchStore } | { readonly redis: string; readonly limits?: Partial<Limits> },
  { sources = {}, requests = REQUEST_LIMITS }: DoorOptions = {},
): Promise<DoorApp> {
  const connections: Connections = {
    sources: {
      'marketo-io': { kind: 'adobe', clientId: CLIENT_ID, keyOrigin, validationOrigin: keyOrigin },
      'marketo-push': { kind: 'marketo', token: 'push-token' },
      crm: { kind: 'events', apiKey: 'crm-key' },
      ...sources,
    },
    destinations: {},
  };
  const limits = { ...ROOMY, ...('redis' in where ? where.limits : {}) };
  @Global()
  @Module({
    providers: [
      { provide: CONNECTIONS, useValue: connections },
      { provide: APP_CONFIG, useValue: { limits } },
    ],
    exports: [CONNECTIONS, APP_CONFIG],
  })
  class SettingsModule {}

  const builder = Test.createTestingModule({
    imports: [
      SettingsModule,
      ObservabilityModule,
      ...('redis' in where ? [RedisModule.forRoot(where.redis)] : []),
      IngestModule,
    ],
  });
  if ('store' in where)
    builder
      .overrideModule(QueuesModule)
      .useModule(storeModule(where.store))
      .overrideModule(BacklogModule)
      .useModule(NoBacklogModule)
      .overrideModule(AccessModule)
      .useModule(NoKeysModule);
  const module = await builder.compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(requests), OPTIONS);
  registerBodyParsers(app.getHttpAdapter().getInstance());
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, origin: `http://127.0.0.1:${port}` };
}

/** In the place of the queues, for tests that ask only what the door answers. */
function storeModule(store: BatchStore): Type {
  @Module({ providers: [{ provide: EventsQueue, useValue: store }], exports: [EventsQueue] })
  class StoreModule {}
  return StoreModule;
}

@Module({ providers: [{ provide: Backlog, useValue: NO_BACKLOG }], exports: [Backlog] })
class NoBacklogModule {}

/** In the place of the API keys, which lie in Redis: nobody has one. */
@Module({
  providers: [
    { provide: ApiKeys, useValue: { verify: () => Promise.resolve(undefined) } },
    { provide: FailedAttempts, useFactory: () => new FailedAttempts() },
  ],
  exports: [ApiKeys, FailedAttempts],
})
class NoKeysModule {}

/** A lead activity for us, as Adobe I/O delivers it. */
export function activity(id: string, recipient: string = CLIENT_ID): Record<string, unknown> {
  return {
    eventid: `event-${id}`,
    specversion: '1.0',
    type: 'com.adobe.platform.marketo.activity.standard.clicklink',
    source: 'urn:marketo_activity_stream',
    id,
    time: '2026-05-04T10:00:00Z',
    datacontenttype: 'application/json',
    data: {
      munchkinId: '123-ABC-456',
      leadId: '7',
      activityDate: '2026-05-04T10:00:00Z',
      activityTypeId: 3,
      activityType: 'Click Link',
      attributes: [],
    },
    recipientclientid: recipient,
  };
}
