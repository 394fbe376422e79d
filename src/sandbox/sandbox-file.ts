import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connections } from '../contracts/connections.js';
import { permanent } from '../contracts/failure.js';
import type { AdobeCredentials } from './adobe-sender.js';

/** What a running sandbox tells the command line of itself. */
export interface SandboxFile {
  readonly overviewUrl: string;
  /** Where the app itself listens, such as `http://127.0.0.1:3000`; missing until it does. */
  readonly appUrl?: string;
  readonly connections: Pick<Connections, 'sources'>;
  readonly adobe: AdobeCredentials;
}

const NAME = 'sandbox.json';

/** `folder`: `<dataDir>/sandbox`. */
export async function writeSandboxFile(folder: string, content: SandboxFile): Promise<void> {
  await writeFile(join(folder, NAME), JSON.stringify(content, null, 2), { mode: 0o600 });
}

/** Adds where the app listens. Throws a permanent `Failure` when no sandbox runs in this data folder. */
export async function noteAppUrl(dataDir: string, url: string): Promise<void> {
  await writeSandboxFile(join(dataDir, 'sandbox'), { ...(await readSandboxFile(dataDir)), appUrl: url });
}

/** `folder`: `<dataDir>/sandbox`. A sandbox that has ended must not be taken for one that runs. */
export async function removeSandboxFile(folder: string): Promise<void> {
  await rm(join(folder, NAME), { force: true });
}

/** Throws a permanent `Failure` when no sandbox runs in this data folder. */
export async function readSandboxFile(dataDir: string): Promise<SandboxFile> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'sandbox', NAME), 'utf8')) as SandboxFile;
  } catch (cause) {
    const message = `No sandbox runs in ${dataDir}: start the app without a connections file, then run this again.`;
    throw permanent('sandbox.missing', message, cause);
  }
}
