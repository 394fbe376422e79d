import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { request } from 'undici';
import type { Effect } from '../../src/contracts/effect.js';
import { ActionsQueue } from '../../src/queues/actions-queue.js';
import { QueuesModule } from '../../src/queues/queues.module.js';
import { RedisModule } from '../../src/redis/redis.module.js';
import { MarketoStandIn } from '../../src/sandbox/marketo-stand-in.js';
import { SlackStandIn } from '../../src/sandbox/slack-stand-in.js';
import { SmtpStandIn } from '../../src/sandbox/smtp-stand-in.js';
import { freePort } from '../../test/support/free-port.js';
import { serve as serveHttp, type TestServer } from '../../test/support/http-server.js';
import { type RedisForTest, startRedis } from '../../test/support/redis.js';
import type { Usage } from '../door/probe.js';
import { serve, type Served } from '../line/processes.js';
import { Sink } from '../line/sink.js';

export const LANES = ['lane-1', 'lane-2', 'lane-3', 'lane-4'] as const;
export const DEAD = 'dead';
export const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of the bench, 32 bytes.').toString('base64')}`;

const LOOPBACK = '127.0.0.1';
const PROBE = pathToFileURL(join(import.meta.dirname, '../door/probe.js')).href;
const MARKETO = { clientId: 'bench', clientSecret: 'of-the-bench' };
const SLACK_TOKEN = 'of-the-bench';
const MAIL_PASSWORD = 'of-the-bench';

/** All that the app's delivery needs around it: a durable Redis, the far ends, and the queue that effects come from. */
export class House {
  readonly slack = new SlackStandIn({ webhookToken: SLACK_TOKEN, botToken: `xoxb-${SLACK_TOKEN}` });
  readonly mail = new SmtpStandIn(MAIL_PASSWORD);
  readonly marketo = new MarketoStandIn('123-ABC-456', MARKETO);
  private readonly folder = mkdtempSync(join(tmpdir(), 'signalman-bench-'));
  private app: Served | undefined;
  private probePort = 0;

  private constructor(
    /** Of each lane its own, so that no two share connections. */
    readonly sinks: readonly Sink[],
    private readonly redis: RedisForTest,
    /** Takes every request and answers none. */
    private readonly silent: TestServer,
    private readonly queue: INestApplicationContext,
  ) {}

  static async open(): Promise<House> {
    const sinks = await Promise.all(LANES.map(() => Sink.start('')));
    const redis = await startRedis();
    const silent = await serveHttp((request) => request.resume());
    const room = { module: QueuesModule, imports: [RedisModule.forRoot(redis.url)] };
    const queue = await NestFactory.createApplicationContext(room, { logger: false });
    const house = new House(sinks, redis, silent, queue);
    await Promise.all([house.slack, house.mail, house.marketo].map((part) => part.listen(LOOPBACK, 0)));
    house.app = await house.startApp();
    return house;
  }

  /** Milliseconds of the app's processor so far. */
  async cpuMs(): Promise<number> {
    const { body } = await request(`http://${LOOPBACK}:${this.probePort}`);
    return ((await body.json()) as Usage).cpuMs;
  }

  async enqueue(effects: readonly Effect[]): Promise<void> {
    await this.queue.get(ActionsQueue, { strict: false }).addAll(effects);
  }

  async close(): Promise<void> {
    await this.app?.stop();
    await this.queue.close();
    const ends = [...this.sinks, this.silent, this.slack, this.mail, this.marketo];
    await Promise.all(ends.map((end) => end.close()));
    await this.redis.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The app as a process that only works. */
  private async startApp(): Promise<Served> {
    this.probePort = await freePort();
    const connections = join(this.folder, 'connections.json');
    const rules = join(this.folder, 'rules');
    mkdirSync(rules, { recursive: true });
    writeFileSync(connections, JSON.stringify({ destinations: this.destinations() }));
    return await serve(join(import.meta.dirname, '../../src/main.js'), '/health/ready', {
      REDIS_URL: this.redis.url,
      SIGNALMAN_ROLE: 'worker',
      SIGNALMAN_DATA: join(this.folder, 'data'),
      SIGNALMAN_RULES: rules,
      SIGNALMAN_CONNECTIONS: connections,
      SIGNALMAN_LOG_LEVEL: 'error',
      BENCH_WEBHOOK_SECRET: WEBHOOK_SECRET,
      BENCH_SLACK_URL: this.slack.webhook().webhookUrl ?? '',
      BENCH_SMTP_URL: this.mail.destination().smtpUrl,
      BENCH_MARKETO_SECRET: MARKETO.clientSecret,
      NODE_ENV: 'production',
      NODE_OPTIONS: `--import ${PROBE}`,
      PROBE_PORT: String(this.probePort),
    });
  }

  private destinations(): object {
    const webhook = (origin: string): object => ({
      kind: 'webhook',
      url: `${origin}/`,
      secret: { env: 'BENCH_WEBHOOK_SECRET' },
      allowPrivateAddresses: true,
    });
    const { munchkinId, origin } = this.marketo.destination();
    const { from, to } = this.mail.destination();
    return {
      ...Object.fromEntries(LANES.map((name, i) => [name, webhook(this.sinks[i]?.origin ?? '')])),
      [DEAD]: webhook(this.silent.origin),
      slack: { kind: 'slack', webhookUrl: { env: 'BENCH_SLACK_URL' } },
      mail: { kind: 'email', smtpUrl: { env: 'BENCH_SMTP_URL' }, from, to },
      marketo: {
        kind: 'marketo',
        munchkinId,
        origin,
        clientId: MARKETO.clientId,
        clientSecret: { env: 'BENCH_MARKETO_SECRET' },
        usagePoll: 'off',
      },
    };
  }
}
