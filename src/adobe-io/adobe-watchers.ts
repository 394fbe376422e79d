import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import type { Connections } from '../contracts/connections.js';
import { Health } from '../observability/health.js';
import { accountOf } from './ims/adobe-account.js';
import { JournalPuller, type PullerTools } from './journal/journal-puller.js';
import { systemPace } from './pace.js';
import { RegistrationWatch, type WatchTools } from './registration/registration-watch.js';

export const PULLER_TOOLS = Symbol('PullerTools');
export const WATCH_TOOLS = Symbol('WatchTools');

/** What is under way at the end has this long; what it leaves undone is repeated after the next start. */
const STOP_MS = 3_000;

type Watcher = JournalPuller | RegistrationWatch;

/** Starts a puller for every journal and a watch for every registration that the connections name. */
@Injectable()
export class AdobeWatchers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly running: Watcher[] = [];

  constructor(
    @Inject(CONNECTIONS) private readonly connections: Connections,
    private readonly health: Health,
    @Inject(PULLER_TOOLS) private readonly pullerTools: PullerTools,
    @Inject(WATCH_TOOLS) private readonly watchTools: WatchTools,
  ) {}

  onApplicationBootstrap(): void {
    for (const [name, source] of Object.entries(this.connections.sources)) {
      const account = source.kind === 'adobe' ? accountOf(source) : undefined;
      if (source.kind !== 'adobe' || account === undefined) continue;
      const { journal, registrationUrl } = source;
      if (journal !== undefined)
        this.begin(`journal ${name}`, new JournalPuller({ name, account, journal }, this.pullerTools));
      if (registrationUrl !== undefined)
        this.begin(
          `registration ${name}`,
          new RegistrationWatch({ name, account, registrationUrl }, this.watchTools),
        );
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    const late = new AbortController();
    const stopped = Promise.all(this.running.map((each) => each.stop()));
    await Promise.race([stopped, systemPace.wait(STOP_MS, late.signal)]);
    late.abort();
  }

  private begin(name: string, watcher: Watcher): void {
    this.health.register(name, () => watcher.health());
    this.running.push(watcher);
    watcher.start();
  }
}
