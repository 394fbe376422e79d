import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSigningKey } from './adobe/signing-key.js';
import type { AdobeCredentials } from './adobe-sender.js';

/** Everything that is secret between the app and its stand-ins. */
export interface SandboxSecrets {
  readonly slackWebhookToken: string;
  readonly slackBotToken: string;
  readonly mailPassword: string;
  readonly webhookSecret: string;
  readonly marketoClientId: string;
  readonly marketoClientSecret: string;
  readonly pushToken: string;
  readonly eventsApiKey: string;
  readonly adobe: AdobeCredentials;
  readonly adobeClientSecret: string;
}

/** The secrets of this data folder; made at its first start, so that deliveries signed before a restart stay good. */
export async function sandboxSecrets(folder: string | undefined): Promise<SandboxSecrets> {
  if (folder === undefined) return newSecrets({});
  const file = join(folder, 'secrets.json');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  const secrets = newSecrets(kept === undefined ? {} : (JSON.parse(kept) as Partial<SandboxSecrets>));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

/** `kept`: those of before, which may come from a version that had not all of them. */
function newSecrets(kept: Partial<SandboxSecrets>): SandboxSecrets {
  return {
    slackWebhookToken: word(),
    slackBotToken: `xoxb-${word()}`,
    mailPassword: word(),
    webhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
    marketoClientId: word(),
    marketoClientSecret: word(),
    pushToken: word(),
    eventsApiKey: word(),
    adobeClientSecret: word(),
    adobe: kept.adobe ?? { clientId: word(), signingKeys: [newSigningKey(), newSigningKey()] },
    ...kept,
  };
}

function word(): string {
  return randomBytes(16).toString('hex');
}
