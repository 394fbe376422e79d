import { clockOffset } from './clock-offset.js';

const REDIS = 1_795_496_000;

describe('clockOffset', () => {
  it.each([
    [0, undefined],
    [50_000, undefined],
    [-50_000, undefined],
    [7_200_000, "this machine's clock is 120 min ahead of that of Redis: set it right"],
    [-7_200_000, "this machine's clock is 120 min behind that of Redis: set it right"],
  ])('of a clock that is off by %d ms', (offMs, said) => {
    expect(clockOffset([REDIS, 12], REDIS * 1_000 + offMs)).toBe(said);
  });

  it('says nothing when Redis does not tell its time', () => {
    expect(clockOffset([], REDIS)).toBeUndefined();
  });
});
