import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { plainToInstance, Transform } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, Matches, Max, Min, validateSync } from 'class-validator';
import { permanent } from '../contracts/failure.js';
import { type AppConfig, type Role, ROLES } from './app-config.js';
import { withoutPassword } from './without-password.js';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const PORT_FORM = 'a whole number from 0 to 65535, such as 3000';

/** The variables that we read, and what each may be. A message completes the sentence "give …". */
class EnvDto {
  @Transform(({ value }) => (/^\d+$/.test(String(value)) ? Number(value) : (value as unknown)))
  @IsInt({ message: PORT_FORM })
  @Min(0, { message: PORT_FORM })
  @Max(65_535, { message: PORT_FORM })
  PORT = 3000;

  @Matches(/^[\w.:-]+$/, { message: 'a host name or address, such as 127.0.0.1 or 0.0.0.0' })
  HOST = '127.0.0.1';

  @IsOptional()
  @Matches(/^rediss?:\/\/[^\s/]+/, {
    message: 'a URL such as redis://127.0.0.1:6379 or rediss://user:password@host:6380',
  })
  REDIS_URL?: string;

  @IsNotEmpty()
  SIGNALMAN_DATA = './data';

  @IsNotEmpty()
  SIGNALMAN_RULES = './rules';

  @IsNotEmpty()
  SIGNALMAN_CONNECTIONS = './connections.json';

  @IsIn(ROLES, { message: `one of ${ROLES.join(', ')}` })
  SIGNALMAN_ROLE: Role = 'all';

  @IsIn(LOG_LEVELS, { message: `one of ${LOG_LEVELS.join(', ')}` })
  SIGNALMAN_LOG_LEVEL: AppConfig['logLevel'] = 'info';
}

/**
 * Reads the configuration from the environment; a variable that is empty counts as not set. Throws one `Failure` that
 * names every variable that is wrong, its value and the right form.
 */
export function loadConfig(env: NodeJS.ProcessEnv): AppConfig {
  const known = Object.keys(new EnvDto());
  const given = Object.entries(env).filter(
    ([name, value]) => [...known, 'REDIS_URL'].includes(name) && value !== '',
  );
  const dto = plainToInstance(EnvDto, Object.fromEntries(given), { exposeDefaultValues: true });
  const problems = validateSync(dto).map(({ property, constraints }) => {
    const form = Object.values(constraints ?? {}).at(-1) ?? '';
    return `${property} is "${withoutPassword(env[property] ?? '')}": give ${form}.`;
  });
  const connectionsFile = resolve(dto.SIGNALMAN_CONNECTIONS);
  const sandbox = !existsSync(connectionsFile);
  if (sandbox && (env['SIGNALMAN_CONNECTIONS'] ?? '') !== '') {
    problems.push(`SIGNALMAN_CONNECTIONS names ${connectionsFile}, and there is no such file.`);
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
    logLevel: dto.SIGNALMAN_LOG_LEVEL,
    trustedProxies: [],
    limits: { backlogBytes: 512 * 1024 * 1024, backlogBatches: 100_000, backlogEffects: 500_000 },
  });
}
