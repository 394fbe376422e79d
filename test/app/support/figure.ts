import type { AppProcess } from './app-process.js';

/** A figure of the app's metrics; 0 when it is not there. `name` has the labels too. */
export async function figure(app: AppProcess, name: RegExp): Promise<number> {
  const answer = await fetch(new URL('/metrics', app.origin));
  return Number(new RegExp(`^${name.source} (\\d+)$`, 'm').exec(await answer.text())?.[1] ?? 0);
}
