import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ApiKeys } from '../../../src/access/api-keys.js';
import type { KeyRole } from '../../../src/access/key.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import { ConsoleModule } from '../../../src/console/console.module.js';
import { registerSecurityHeaders } from '../../../src/console/security-headers.js';
import type { Connections } from '../../../src/contracts/connections.js';
import { registerBodyParsers } from '../../../src/ingest/body-parsers.js';
import { ObservabilityModule } from '../../../src/observability/observability.module.js';
import { RedisModule } from '../../../src/redis/redis.module.js';

const CONNECTIONS: Connections = {
  sources: {
    'marketo-io': { kind: 'adobe', clientId: 'c', keyOrigin: 'https://k', validationOrigin: 'https://v' },
    pulled: {
      kind: 'adobe',
      clientId: 'c',
      keyOrigin: 'https://k',
      validationOrigin: 'https://v',
      webhook: false,
      journal: { url: 'https://events.example/secret-path', startAt: 'latest' },
    },
    'marketo-push': { kind: 'marketo', token: 'push-secret' },
    crm: { kind: 'events', apiKey: 'crm-secret' },
    lab: { kind: 'events', insecure: true },
  },
  destinations: {},
};

export interface Route {
  readonly method: string;
  readonly url: string;
}

/** The HTTP API on loopback, as the app opens it. */
export class ConsoleApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly dataDir: string,
    /** Every route that it has. */
    readonly routes: readonly Route[],
  ) {}

  static async start(redisUrl: string, trustedProxies: readonly string[] = []): Promise<ConsoleApp> {
    const dataDir = mkdtempSync(join(tmpdir(), 'signalman-console-'));
    const config = { dataDir, sandbox: false, trustedProxies } as unknown as AppConfig;
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(config, CONNECTIONS),
        ObservabilityModule,
        RedisModule.forRoot(redisUrl),
        ConsoleModule,
      ],
    }).compile();
    const adapter = new FastifyAdapter({ trustProxy: trustedProxies.length > 0 && [...trustedProxies] });
    const routes: Route[] = [];
    adapter.getInstance().addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) routes.push({ method: each, url });
    });
    const app = module.createNestApplication<NestFastifyApplication>(adapter, {
      bodyParser: false,
      logger: false,
    });
    registerSecurityHeaders(adapter.getInstance());
    registerBodyParsers(adapter.getInstance());
    await app.listen(0, '127.0.0.1');
    return new ConsoleApp(app, dataDir, routes);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.app.getHttpServer().address() as AddressInfo).port}`;
  }

  get keys(): ApiKeys {
    return this.app.get(ApiKeys, { strict: false });
  }

  /** The text of a new key. */
  async key(role: KeyRole, name: string = role): Promise<string> {
    return (await this.keys.create({ role, name, createdBy: 'cli:test' })).text;
  }

  async ask(
    path: string,
    { method = 'GET', key, body, headers = {} }: Request = {},
  ): Promise<{ status: number; headers: Headers; json: Record<string, unknown>; text: string }> {
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, json, text };
  }

  async stop(): Promise<void> {
    await this.app.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

interface Request {
  readonly method?: string;
  readonly key?: string;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}
