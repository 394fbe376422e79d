import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary } from './redis-binary.js';

describe('findRedisBinary', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalman-path-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('takes Valkey where there is no Redis', () => {
    const valkey = join(folder, 'valkey-server');
    writeFileSync(valkey, '#!/bin/sh\n');
    chmodSync(valkey, 0o755);
    expect(findRedisBinary(`/nowhere:${folder}`, [])).toBe(valkey);
  });

  it('says how to get one when there is none', () => {
    expect(() => findRedisBinary(folder, [])).toThrow('run `npm run setup`');
  });
});
