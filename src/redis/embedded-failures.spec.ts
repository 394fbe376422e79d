import { exitFailure, folderFailure } from './embedded-failures.js';

describe('exitFailure', () => {
  it.each([
    [
      '9:M 24 Nov 2026 00:00:00.000 # Error writing to the AOF file: No space left on device',
      'Redis ended because the disk that holds /data/redis is full: free some space.',
    ],
    [
      "9:M 24 Nov 2026 00:00:00.000 # Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...",
      'Redis ended because it could not write in /data/redis: is the disk full?',
    ],
    [
      "9:M 24 Nov 2026 00:00:00.000 # Fatal error: can't open the append-only file appendonly.aof: Permission denied",
      'Redis may not write in /data/redis: change the owner of what is in there.',
    ],
    [
      '9:M 24 Nov 2026 00:00:00.000 # Out of wits',
      'Redis ended (exit code 1); its last word was: 9:M 24 Nov 2026',
    ],
  ])('explains %s', (line, sentence) => {
    expect(exitFailure('/data/redis', 'exit code 1', [line]).message).toContain(sentence);
  });
});

describe('folderFailure', () => {
  it('names the folder, the reason and the mend', () => {
    const error = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    expect(folderFailure('/srv/data', error).message).toBe(
      'Cannot keep data in /srv/data: this user may not use it; change its owner, or name another folder in SIGNALMAN_DATA.',
    );
  });
});
