import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { request } from 'undici';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';

const MAIN = resolve('dist/main.js');

/** The built app as a process of its own, as a user runs it. */
export class AppProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly origin: string,
    private readonly output: string[],
  ) {}

  /** Starts it on a free port, unless the environment names one, and does not wait. */
  static async launch(env: Readonly<Record<string, string>>): Promise<AppProcess> {
    const port = env['PORT'] ?? String(await freePort());
    const output: string[] = [];
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], ...env, PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    }
    return new AppProcess(child, `http://127.0.0.1:${port}`, output);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Everything it printed so far. */
  get log(): string {
    return this.output.join('');
  }

  /** Resolves when it is ready to take events. */
  async ready(): Promise<void> {
    await eventually(
      async () => {
        if (!this.running) return true;
        const { statusCode, body } = await request(`${this.origin}/health/ready`);
        await body.dump();
        return statusCode === 200;
      },
      { timeoutMs: 30_000 },
    );
    if (!this.running) throw new Error(`the app ended with ${this.child.exitCode}:\n${this.log}`);
  }

  /** As Ctrl-C or an orchestrator ends it. @returns the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.running) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }

  /** As a crash ends it. */
  async kill9(): Promise<void> {
    if (!this.running) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Resolves with the exit code when it ends by itself. */
  async ended(): Promise<number | null> {
    if (this.running) await once(this.child, 'exit');
    return this.child.exitCode;
  }
}
