import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { AppProcess } from './app-process.js';
import { writeConnectionsFile } from './connections-file.js';
import { Doors } from './doors.js';
import { Inside } from './inside.js';

/** A whole installation of one test: rules, connections to stand-ins, a Redis, and the app when it is started. */
export class House {
  private readonly apps: AppProcess[] = [];
  /** Past the app, into its Redis. */
  readonly inside: Inside;

  private constructor(
    readonly folder: string,
    readonly redis: RedisForTest,
    readonly sandbox: Sandbox,
    private readonly secrets: Readonly<Record<string, string>>,
  ) {
    this.inside = new Inside(redis.url);
  }

  /** `rules`: file name under the rules folder → content. */
  static async build(rules: Readonly<Record<string, object>>): Promise<House> {
    const folder = mkdtempSync(join(tmpdir(), 'signalman-house-'));
    const sandbox = await startSandbox();
    const secrets = writeConnectionsFile(join(folder, 'connections.json'), sandbox.connections);
    const house = new House(folder, await startRedis(), sandbox, secrets);
    mkdirSync(join(folder, 'rules'));
    for (const [name, rule] of Object.entries(rules)) house.writeRule(name, JSON.stringify(rule));
    return house;
  }

  get env(): Record<string, string> {
    return {
      REDIS_URL: this.redis.url,
      SIGNALMAN_DATA: join(this.folder, 'data'),
      SIGNALMAN_RULES: join(this.folder, 'rules'),
      SIGNALMAN_CONNECTIONS: join(this.folder, 'connections.json'),
      ...this.secrets,
    };
  }

  writeRule(name: string, text: string): void {
    const file = join(this.folder, 'rules', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  removeRule(name: string): void {
    rmSync(join(this.folder, 'rules', name));
  }

  /** Starts the app and waits until it is ready. */
  async start(more: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const app = await this.launch(more);
    await app.ready();
    return app;
  }

  /** Starts the app and does not wait. */
  async launch(more: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const app = await AppProcess.launch({ ...this.env, ...more });
    this.apps.push(app);
    return app;
  }

  doors(app: AppProcess): Doors {
    return new Doors(app.origin, this.sandbox);
  }

  async demolish(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.kill9()));
    await this.inside.close();
    await this.sandbox.close();
    await this.redis.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
