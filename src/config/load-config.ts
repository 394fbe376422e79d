import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { permanent } from '../contracts/failure.js';
import type { AppConfig, Limits } from './app-config.js';
import { parseBytes } from './bytes.js';
import { Environment } from './environment.js';
import { memberNames } from './shape.js';
import { proxyList } from './trusted-proxies.js';
import { withoutPassword } from './without-password.js';

/**
 * Reads the configuration from the environment; a variable that is empty counts as not set. Throws one `Failure` that
 * names every variable that is wrong, its value and the right form.
 */
export function loadConfig(env: NodeJS.ProcessEnv): AppConfig {
  const known = memberNames(Environment);
  const given = Object.entries(env).filter(([name, value]) => known.includes(name) && value !== '');
  const dto = plainToInstance(Environment, Object.fromEntries(given), { exposeDefaultValues: true });
  const problems = validateSync(dto).map(({ property, constraints }) => {
    const form = Object.values(constraints ?? {}).at(-1) ?? '';
    return `${property} is "${withoutPassword(env[property] ?? '')}": give ${form}.`;
  });
  const connectionsFile = resolve(dto.SIGNALMAN_CONNECTIONS);
  const sandbox = !existsSync(connectionsFile);
  if (sandbox && (env['SIGNALMAN_CONNECTIONS'] ?? '') !== '') {
    problems.push(`SIGNALMAN_CONNECTIONS names ${connectionsFile}, and there is no such file.`);
  }
  const limits = limitsOf(dto);
  if (limits.redisBytes !== undefined && limits.redisBytes <= limits.backlogBytes) {
    problems.push(
      `SIGNALMAN_REDIS_MEMORY is ${dto.SIGNALMAN_REDIS_MEMORY ?? ''}: give more than SIGNALMAN_BACKLOG_BYTES, which is ${dto.SIGNALMAN_BACKLOG_BYTES} of it.`,
    );
  }
  if (problems.length > 0) throw permanent('config.environment', problems.join('\n'));
  return Object.freeze({
    port: dto.PORT,
    host: dto.HOST,
    ...(dto.REDIS_URL === undefined ? {} : { redisUrl: dto.REDIS_URL }),
    dataDir: resolve(dto.SIGNALMAN_DATA),
    rulesDir: resolve(dto.SIGNALMAN_RULES),
    connectionsFile,
    sandbox,
    role: dto.SIGNALMAN_ROLE,
    ...(dto.SIGNALMAN_PLUGINS === undefined
      ? {}
      : { plugins: Object.freeze(dto.SIGNALMAN_PLUGINS.split(',').map((name) => name.trim())) }),
    logLevel: dto.SIGNALMAN_LOG_LEVEL,
    trustedProxies: Object.freeze(proxyList(dto.SIGNALMAN_TRUSTED_PROXIES ?? '')),
    limits: Object.freeze(limits),
  });
}

function limitsOf(dto: Environment): Limits {
  const redisBytes = parseBytes(dto.SIGNALMAN_REDIS_MEMORY ?? '');
  return {
    backlogBytes: parseBytes(dto.SIGNALMAN_BACKLOG_BYTES) ?? 0,
    backlogBatches: dto.SIGNALMAN_BACKLOG_BATCHES,
    backlogEffects: dto.SIGNALMAN_BACKLOG_EFFECTS,
    ...(redisBytes === undefined ? {} : { redisBytes }),
  };
}
