import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpStandIn } from '../http/http-stand-in.js';

/** Listens where it listened last, so that a page that is open stays good over a restart; elsewhere if it must. */
export async function listenWhereBefore(server: HttpStandIn, host: string, folder: string): Promise<void> {
  const file = join(folder, 'overview-port');
  const kept = Number(await readFile(file, 'utf8').catch(() => '0'));
  await server.listen(host, kept).catch(() => server.listen(host, 0));
  await writeFile(file, new URL(server.origin).port, { mode: 0o600 });
}
