import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'undici';
import { freePort } from '../../test/support/free-port.js';

/** A child process that serves HTTP, ended with `stop`. */
export interface Served {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts a module as a process of its own and waits until it answers `readyPath` with 200. */
export async function serve(
  modulePath: string,
  readyPath: string,
  env: Readonly<Record<string, string>>,
): Promise<Served> {
  const port = await freePort();
  const child = fork(modulePath, {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const origin = `http://127.0.0.1:${port}`;
  await ready(child, origin + readyPath);
  return {
    origin,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${url}: the process ended with ${child.exitCode}`);
    const status = await request(url).then(
      async ({ statusCode, body }) => (await body.dump(), statusCode),
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} was not ready within 30 s`);
}
