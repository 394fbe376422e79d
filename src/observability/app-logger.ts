import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** What Nest says of its own start: a line for every module and route, which nobody has to read at every start. */
const FRAMEWORK = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'log', 'debug'];
const CONFIGURED = { error: 1, warn: 2, info: 3, debug: 4 } as const;

/** One JSON object a line for machines; plain lines when a person looks on. */
export class AppLogger extends ConsoleLogger {
  constructor(level: keyof typeof CONFIGURED) {
    super({
      prefix: 'Signalman',
      json: !process.stdout.isTTY,
      logLevels: LEVELS.slice(0, CONFIGURED[level]),
    });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && FRAMEWORK.has(context) && !this.isLevelEnabled('debug')) return;
    super.log(message, ...rest);
  }
}
