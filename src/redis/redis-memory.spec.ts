import { defaultRedisBytes, memoryRatio } from './redis-memory.js';

const GB = 1_073_741_824;

describe('memoryRatio', () => {
  it('leaves out what Redis does not count either', () => {
    const info = '# Memory\r\nused_memory:900\r\nmaxmemory:1000\r\nmem_not_counted_for_evict:100\r\n';
    expect(memoryRatio(info)).toBe(0.8);
  });

  it('knows no ratio where there is no limit', () => {
    expect(memoryRatio('used_memory:900\r\nmaxmemory:0\r\n')).toBeUndefined();
  });
});

describe('defaultRedisBytes', () => {
  it.each([
    ['half of the machine', 0, 4 * GB],
    ['half of the machine, when the control group has no limit', 2 ** 64, 4 * GB],
    ['half of what the control group may use', 2 * GB, GB],
  ])('is %s', (_what, controlGroup, bytes) => {
    expect(defaultRedisBytes(8 * GB, controlGroup)).toBe(bytes);
  });
});
