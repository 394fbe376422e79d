import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { Journal } from '../journal/journal.js';
import { ApiKeys, type CreatedKey } from './api-keys.js';

const NAME = 'admin.key';
const MAKER = 'signalman';

/**
 * Makes an admin key at the first start and puts it into a file that only our own user can read. A start never fails
 * for it: the command line makes keys too.
 */
@Injectable()
export class FirstAdminKey implements OnApplicationBootstrap {
  private readonly logger = new Logger('Access');

  constructor(
    private readonly keys: ApiKeys,
    private readonly journal: Journal,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'dataDir' | 'sandbox'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { dataDir, sandbox } = this.config;
    const folder = sandbox ? join(dataDir, 'sandbox') : dataDir;
    try {
      await this.makeIn(folder);
    } catch (error) {
      this.logger.warn(
        `There is no admin key, and none could be made in ${folder} (${String(error)}): run signalman keys create --role admin --name <name>`,
      );
    }
  }

  /** What cannot be written must not have been made: nobody would ever see the key. */
  private async makeIn(folder: string): Promise<void> {
    if ((await this.keys.list()).some(({ role }) => role === 'admin')) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `${NAME}.${randomBytes(4).toString('hex')}`);
    await writeFile(draft, '', { mode: 0o600, flag: 'wx' });
    try {
      const created = await this.keys.createFirstAdmin(MAKER);
      // Another process was faster.
      if (created === undefined) return;
      await this.keep(created, draft, join(folder, NAME));
    } finally {
      await rm(draft, { force: true });
    }
  }

  private async keep({ key, text }: CreatedKey, draft: string, file: string): Promise<void> {
    try {
      await writeFile(draft, `${text}\n`);
      await rename(draft, file);
    } catch (error) {
      await this.keys.revoke(key.id, { force: true });
      throw error;
    }
    this.logger.log(`Made an admin key for the API: it lies in ${file}`);
    const at = new Date().toISOString();
    const audit = { at, who: MAKER, from: hostname(), what: 'key.created', target: key.id } as const;
    await this.journal.append([{ kind: 'audit', audit: { ...audit, detail: `admin "${key.name}"` } }]);
  }
}
