import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, Matches, Max, Min } from 'class-validator';
import { type AppConfig, type Role, ROLES } from './app-config.js';
import { parseBytes } from './bytes.js';
import { all, checked } from './custom-check.js';
import { areProxies } from './trusted-proxies.js';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

const Whole = (least: number, most: number, example: number): PropertyDecorator => {
  const message = `a whole number from ${least} to ${most}, such as ${example}`;
  return all(
    Transform(({ value }) => (/^\d+$/.test(String(value)) ? Number(value) : (value as unknown))),
    IsInt({ message }),
    Min(least, { message }),
    Max(most, { message }),
  );
};

const Bytes = (example: string): PropertyDecorator =>
  checked(
    'bytes',
    (text) => parseBytes(text) !== undefined,
    () => `a whole number and kb, mb or gb, such as ${example}`,
  );

/** The variables that we read, and what each may be. A message completes the sentence "give …". */
export class Environment {
  @Whole(0, 65_535, 3000) PORT = 3000;

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

  @IsOptional()
  @checked(
    'plugins',
    (text) => text.split(',').every((name) => name.trim() !== ''),
    () => 'folders and names of packages with commas between: ./plugins/teams, @acme/signalman-pager',
  )
  SIGNALMAN_PLUGINS?: string;

  @IsIn(ROLES, { message: `one of ${ROLES.join(', ')}` })
  SIGNALMAN_ROLE: Role = 'all';

  @IsIn(LOG_LEVELS, { message: `one of ${LOG_LEVELS.join(', ')}` })
  SIGNALMAN_LOG_LEVEL: AppConfig['logLevel'] = 'info';

  @IsOptional()
  @checked(
    'proxies',
    areProxies,
    () =>
      'the addresses and networks of your proxies, or loopback, with commas between: loopback, 10.0.0.0/8',
  )
  SIGNALMAN_TRUSTED_PROXIES?: string;

  @Bytes('512mb') SIGNALMAN_BACKLOG_BYTES = '512mb';
  @Whole(1, 100_000_000, 100_000) SIGNALMAN_BACKLOG_BATCHES = 100_000;
  @Whole(1, 100_000_000, 500_000) SIGNALMAN_BACKLOG_EFFECTS = 500_000;
  @IsOptional() @Bytes('1gb') SIGNALMAN_REDIS_MEMORY?: string;
}
