import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connections } from '../contracts/connections.js';
import { permanent } from '../contracts/failure.js';
import type { AdobeCredentials } from './adobe-sender.js';

/** What a running sandbox tells the command line of itself. */
export interface SandboxFile {
  readonly overviewUrl: string;
  readonly connections: Pick<Connections, 'sources'>;
  readonly adobe: AdobeCredentials;
}

const NAME = 'sandbox.json';

/** `folder`: `<dataDir>/sandbox`. */
export async function writeSandboxFile(folder: string, content: SandboxFile): Promise<void> {
  await writeFile(join(folder, NAME), JSON.stringify(content, null, 2), { mode: 0o600 });
}

/** Throws a permanent `Failure` when no sandbox was ever started in this data folder. */
export async function readSandboxFile(dataDir: string): Promise<SandboxFile> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'sandbox', NAME), 'utf8')) as SandboxFile;
  } catch (cause) {
    const message = `There is no sandbox in ${dataDir}: start the app without a connections file, then send again.`;
    throw permanent('sandbox.missing', message, cause);
  }
}
