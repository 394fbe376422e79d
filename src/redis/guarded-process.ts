import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Runs "$@" and ends it when standard input closes, which happens even when our process is killed with -9. Its first
 * line of output is the process id of the command.
 */
const GUARDIAN = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
trap 'kill -TERM "$child"' TERM INT HUP
echo "$child"
( trap - TERM INT HUP; exec >/dev/null 2>&1; read -r _ <&3; kill -TERM "$child" ) &
reader=$!
exec 3<&-
wait "$child"
code=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
kill "$reader" 2>/dev/null
exit "$code"
`;

export interface GuardedProcess {
  /** Of the command itself, not of its guardian. */
  readonly pid: number;
  /** Settles when the command has ended, with a word on how. */
  readonly ended: Promise<string>;
  isRunning(): boolean;
  /** Asks it to end (SIGTERM); kills it when it has not after `killAfterMs`. Resolves when it is gone. */
  stop(killAfterMs: number): Promise<void>;
}

/**
 * Starts a command that cannot outlive us. It has a session of its own, so that Ctrl-C in the terminal reaches only
 * us and we decide when it ends.
 */
export async function startGuarded(
  command: readonly string[],
  onLine: (line: string) => void,
): Promise<GuardedProcess> {
  const guardian = spawn('/bin/sh', ['-c', GUARDIAN, 'guardian', ...command], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    // The command needs none of our secrets, and an unknown locale must not stop it.
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  guardian.stdin.on('error', () => undefined);
  const exited = once(guardian, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const [output, errors] = [createInterface(guardian.stdout), createInterface(guardian.stderr)];
  const first = await Promise.race([once(output, 'line'), exited]);
  output.on('line', onLine);
  errors.on('line', onLine);
  const pid = Number(first[0]);
  let running = true;
  const ended = exited.then(([code, signal]) => {
    running = false;
    // Whoever killed the guardian must not leave the command running without one.
    if (signal !== null) sendSignal(pid, 'SIGKILL');
    return signal ?? (code !== null && code > 128 ? `signal ${code - 128}` : `exit code ${String(code)}`);
  });
  return { pid, ended, isRunning: () => running, stop: (killAfterMs) => stop(pid, ended, killAfterMs) };
}

async function stop(pid: number, ended: Promise<string>, killAfterMs: number): Promise<void> {
  sendSignal(pid, 'SIGTERM');
  const timer = setTimeout(() => {
    sendSignal(pid, 'SIGKILL');
  }, killAfterMs);
  await ended;
  clearTimeout(timer);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
