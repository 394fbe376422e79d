import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRedisBinary } from '../../src/redis/redis-binary.js';
import { eventually } from '../support/eventually.js';
import { House } from './support/house.js';
import { Inside } from './support/inside.js';
import { Load, lostAndDoubled, wrongRefusals } from './support/load.js';
import { rule, tell } from './support/rule.js';

/** In blocks of 512 bytes: some dozens of batches. */
const DISK = 1_000;

/**
 * A redis-server that can write no file longer than the file `limit` says, as on a disk that is full then. Ignoring the
 * signal makes the write fail, as a full disk does, instead of ending the process.
 */
function smallDisk(limit: string): string {
  return `#!/bin/sh
trap '' XFSZ
test -f '${limit}' && ulimit -f "$(cat '${limit}')"
exec '${findRedisBinary()}' "$@"
`;
}

describe('a full disk under the Redis of the app', () => {
  let house: House;
  let limit: string;
  let bin: string;
  beforeAll(async () => {
    house = await House.build({ 'tell.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')]) });
    limit = join(house.folder, 'disk');
    bin = join(house.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'redis-server'), smallDisk(limit), { mode: 0o700 });
    writeFileSync(limit, String(DISK));
  });
  afterAll(async () => {
    await house.demolish();
  });

  it('is answered with 503 until there is room, and loses nothing that was answered with 200', async () => {
    const app = await house.start({ REDIS_URL: '', PATH: `${bin}:${process.env['PATH'] ?? ''}` });
    const doors = house.doors(app);
    const load = new Load(doors, 1_000);
    await eventually(() => app.log.includes('is the disk full?'), { timeoutMs: 30_000 });
    // It is started again, and dies again at its next write.
    await eventually(() => app.log.split('is the disk full?').length > 2, { timeoutMs: 30_000 });
    await eventually(() => load.refused.length >= 20);
    const full = load.taken.length;
    expect(app.running).toBe(true);

    rmSync(limit);
    await eventually(() => load.taken.length >= full + 50, { timeoutMs: 30_000 });
    await load.stop();
    expect(wrongRefusals(load)).toEqual([]);
    expect(await load.repeatRefused()).toEqual([]);
    const inside = new Inside(join(house.folder, 'data', 'redis.sock'));
    try {
      await inside.idle(60_000);
      expect(await inside.dead()).toBe(0);
    } finally {
      await inside.close();
    }
    const sent = load.answers.map(({ lead }) => lead);
    expect(lostAndDoubled(house, sent)).toEqual({ lost: [], doubled: [] });
    expect(await app.stop()).toBe(0);
  });
});
