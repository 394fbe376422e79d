import { realpath, stat } from 'node:fs/promises';
import { watch, type FSWatcher } from 'chokidar';

/** How often it is looked whether the folder itself went, came or was replaced, milliseconds. */
const LOOK_MS = 500;

/**
 * Tells of every change in a folder. The folder itself may go, come back or be replaced by another of its name, which
 * ends the watching of the operating system: then it is watched anew.
 */
export class FolderWatcher {
  private watcher: FSWatcher | undefined;
  /** Which folder is being watched; undefined while there is none. */
  private watched: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(
    private readonly folder: string,
    private readonly told: { readonly change: () => void; readonly failure: (cause: unknown) => void },
  ) {}

  /** Settles once changes are seen; those from before are not told of. */
  async start(): Promise<void> {
    this.watched = await identityOf(this.folder);
    await this.watch();
    this.lookAgain();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.looking;
    await this.watcher?.close();
  }

  private lookAgain(): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.looking = this.look()
        .catch(this.told.failure)
        .then(() => {
          this.lookAgain();
        });
    }, LOOK_MS);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    const found = await identityOf(this.folder);
    if (found === this.watched) return;
    this.watched = found;
    await this.watcher?.close();
    if (found !== undefined) await this.watch();
    this.told.change();
  }

  private async watch(): Promise<void> {
    // Where the folder is a link, what it leads to is watched.
    const target = await realpath(this.folder).catch(() => this.folder);
    const watcher = watch(target, { ignoreInitial: true, followSymlinks: false });
    this.watcher = watcher;
    watcher.on('all', (event, path) => {
      // The same folder may come back by its old name, and nothing but this event tells that it was away.
      if (event === 'unlinkDir' && path === target) this.watched = undefined;
      this.told.change();
    });
    watcher.on('error', this.told.failure);
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
  }
}

/** Other for every folder that ever has this name, also when the file system gives an old number again. */
async function identityOf(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeMs } = await stat(folder);
    return [dev, ino, birthtimeMs].join(':');
  } catch {
    return undefined;
  }
}
