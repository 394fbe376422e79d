import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const COMMAND = resolve('bin/signalman.mjs');

export interface CommandResult {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** `signalman …` as a user runs it. */
export async function signalman(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  return new Promise((done) => {
    const options = { env: { PATH: process.env['PATH'], ...env } };
    execFile(process.execPath, [COMMAND, ...args], options, (error, output, errors) => {
      done({ code: error === null ? 0 : Number(error.code), output, errors });
    });
  });
}
