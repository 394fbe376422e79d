import { durationText, parseDuration } from './duration.js';

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
  ])('%s is %i ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '7', 'd', '7 d', '-7d', '1.5h', '7D', '7dd', '9999999999s'])('refuses "%s"', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

it.each([
  [90_000, '90s'],
  [5_400_000, '90m'],
  [86_400_000, '1d'],
  [14 * 86_400_000, '2w'],
  [172_800_000 + 3_600_000, '49h'],
])('%d ms are written %s, and read as they were', (ms, text) => {
  expect(durationText(ms)).toBe(text);
  expect(parseDuration(text)).toBe(ms);
});
