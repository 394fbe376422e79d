import type { AppConfig } from '../../src/config/app-config.js';

/** For the command line beside a Redis: without a connections file it is not known which destinations there are. */
export function bareConfig(redisUrl: string): AppConfig {
  return { redisUrl, dataDir: '/nowhere', rulesDir: 'rules', connectionsFile: '/nowhere' } as AppConfig;
}
