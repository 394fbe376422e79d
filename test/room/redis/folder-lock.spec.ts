import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FolderLock, lockFolder } from '../../../src/redis/folder-lock.js';

/** A process that listens on the path until it is killed, as an instance does that holds the lock. */
const HOLDER = `require('node:net').createServer((s) => s.end(String(process.pid))).listen(process.argv[1], () => console.log('ok'))`;

describe('lockFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalman-lock-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('lets one in and names it to the others, until it lets go', async () => {
    const lock = await lockFolder(folder, '/the/data');
    await expect(lockFolder(folder, '/the/data')).rejects.toThrow(
      `Another Signalman (process ${process.pid}) runs in /the/data: stop it, or give this one a folder of its own ` +
        'with SIGNALMAN_DATA.',
    );
    lock.release();
    (await lockFolder(folder, '/the/data')).release();
    expect(readdirSync(folder)).toEqual(['instance.lock.2']);
  });

  it('ends with its process, even when that is killed with -9', async () => {
    const holder = spawn(process.execPath, ['-e', HOLDER, join(folder, 'instance.lock.7')]);
    await once(holder.stdout, 'data');
    await expect(lockFolder(folder, folder)).rejects.toThrow(`process ${String(holder.pid)}`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    (await lockFolder(folder, folder)).release();
  });

  it('is not taken from a holder that hangs', async () => {
    const silent = createServer(() => undefined).listen(join(folder, 'instance.lock.7'));
    await once(silent, 'listening');
    await expect(lockFolder(folder, folder)).rejects.toThrow('Another Signalman runs in');
    silent.close();
  });

  it('lets exactly one in when many come at once after a crash', async () => {
    for (let round = 0; round < 20; round++) {
      const holder = spawn(process.execPath, ['-e', HOLDER, join(folder, `instance.lock.${round * 10}`)]);
      await once(holder.stdout, 'data');
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, folder)));
      const inside = all.filter(
        (one): one is PromiseFulfilledResult<FolderLock> => one.status === 'fulfilled',
      );
      expect(inside).toHaveLength(1);
      inside[0]?.value.release();
    }
  });
});
