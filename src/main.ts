import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { installPlugins } from './actions/install-plugins.js';
import { AppModule } from './app.module.js';
import type { AppConfig } from './config/app-config.js';
import { insecureSources } from './config/insecure-sources.js';
import { loadConfig } from './config/load-config.js';
import { loadConnections } from './config/load-connections.js';
import { registerSecurityHeaders } from './console/security-headers.js';
import type { Connections } from './contracts/connections.js';
import { counted } from './contracts/counted.js';
import { Failure, permanent } from './contracts/failure.js';
import { registerBodyParsers } from './ingest/body-parsers.js';
import { REQUEST_LIMITS } from './ingest/request-limits.js';
import { AppLogger } from './observability/app-logger.js';
import { openRedis, type OpenRedis } from './redis/open-redis.js';
import { claimFor } from './redis/redis-purpose.js';
import { noteAppUrl } from './sandbox/sandbox-file.js';
import { startSandbox } from './sandbox/sandbox.js';

/** A shutdown that takes longer than this ends hard; the queues and the ledger stand it. */
const SHUTDOWN_MS = 20_000;

/** What was started, in the order in which it must end: last started, first ended. */
const closers: (() => Promise<void>)[] = [];
const logger = new Logger('Signalman');

async function start(): Promise<void> {
  Logger.overrideLogger(new AppLogger('info'));
  const config = loadConfig(process.env);
  Logger.overrideLogger(new AppLogger(config.logLevel));
  if (config.role !== 'all' && config.redisUrl === undefined) {
    logger.warn(
      `SIGNALMAN_ROLE is ${config.role} without REDIS_URL: no process of another role can join in.`,
    );
  }
  await installPlugins(config.plugins, process.cwd());
  const redis = await openRedis(config);
  closers.push(() => redis.stop());
  await claimFor(redis.address, config.sandbox ? 'sandbox' : 'live');
  const sandbox = config.sandbox ? await startSandbox({ dataDir: config.dataDir }) : undefined;
  if (sandbox !== undefined) closers.push(() => sandbox.close());
  const connections = sandbox?.connections ?? (await loadConnections(config.connectionsFile, process.env));
  if (connections === undefined) throw permanent('config.connections', `${config.connectionsFile} is gone.`);
  const app = await createApp(config, connections, redis);
  closers.push(() => app.close());
  await app.listen({ port: config.port, host: config.host }).catch((error: unknown) => {
    throw listenFailure(error, config);
  });
  const url = await app.getUrl();
  logger.log(`Listening on ${url}, with ${summary(connections)}`);
  for (const sentence of insecureSources(connections)) logger.warn(sentence);
  if (sandbox === undefined) return;
  await noteAppUrl(config.dataDir, url);
  logger.log(`There is no ${config.connectionsFile}, so everything goes to the sandbox.`);
  logger.log('Send it something: npx signalman send samples/lead-activity.json');
  logger.log(`See what it received: ${sandbox.overviewUrl}`);
}

function summary({ sources, destinations }: Connections): string {
  return `${counted(Object.keys(sources).length, 'source')} and ${counted(Object.keys(destinations).length, 'destination')}`;
}

async function createApp(
  config: AppConfig,
  connections: Connections,
  { address }: OpenRedis,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: config.trustedProxies.length > 0 && [...config.trustedProxies],
    forceCloseConnections: true,
    ...REQUEST_LIMITS,
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.for(config, connections, address),
    adapter,
    { bodyParser: false, abortOnError: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  registerSecurityHeaders(fastify);
  registerBodyParsers(fastify);
  return app;
}

/** Why nothing can listen there, as one sentence that says what to do. */
function listenFailure(error: unknown, { port, host }: AppConfig): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return permanent(
        'listen.in_use',
        `Port ${port} of ${host} is in use: end what has it, or give another PORT.`,
      );
    case 'EACCES':
      return permanent(
        'listen.forbidden',
        `This user may not open port ${port}: give another PORT, above 1023.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return permanent('listen.no_address', `${host} is no address of this machine: give another HOST.`);
    default:
      return error;
  }
}

let ending: Promise<void> | undefined;

/** Ends everything in order, once, however often it is asked to. */
function end(code: number): Promise<void> {
  ending ??= (async () => {
    setTimeout(() => process.exit(code === 0 ? 1 : code), SHUTDOWN_MS).unref();
    for (const close of closers.reverse()) {
      await close().catch((error: unknown) => {
        logger.error(`While ending: ${String(error)}`);
      });
    }
    if (code === 0) logger.log('Stopped.');
    process.exit(code);
  })();
  return ending;
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // A terminal and npm may both pass it on.
    if (ending === undefined) logger.log(`${signal}: finishing what is under way`);
    void end(0);
  });
}

try {
  await start();
} catch (error) {
  // An expected failure is sentences for a person, one a line.
  if (error instanceof Failure) for (const sentence of error.message.split('\n')) logger.error(sentence);
  else logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await end(1);
}
