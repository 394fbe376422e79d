import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConnections } from '../../../src/config/load-connections.js';
import type { Connections } from '../../../src/contracts/connections.js';

export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export const ENV = {
  ADOBE_CLIENT_SECRET: 'adobe-secret',
  MARKETO_PUSH_TOKEN: 'push-token',
  CRM_API_KEY: 'crm-key',
  GITHUB_WEBHOOK_SECRET: 'github-secret',
  SHOP_WEBHOOK_SECRET: WEBHOOK_SECRET,
  SLACK_BOT_TOKEN: 'xoxb-the-bot-token',
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/X',
  SMTP_URL: 'smtp://127.0.0.1:2525',
  MARKETO_CLIENT_SECRET: 'marketo-secret',
};

/** A connections file in a folder of its own. */
export class ConnectionsFile {
  readonly folder = mkdtempSync(join(tmpdir(), 'signalman-connections-'));

  secret(name: string, text: string): void {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  async load(text: string): Promise<Connections> {
    const file = join(this.folder, 'c.json');
    writeFileSync(file, text);
    const connections = await loadConnections(file, ENV);
    if (connections === undefined) throw new Error('There is no file.');
    return connections;
  }

  /** What is said about the text, without the folder. */
  async complaint(text: string): Promise<string> {
    try {
      await this.load(text);
    } catch (error) {
      return (error as Error).message.replaceAll(`${this.folder}/`, '');
    }
    throw new Error('It was accepted.');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
