import { laneSettings, paceOf } from './lane-settings.js';

it.each([
  ['1/s', { everyMs: 1_000, burst: 1 }],
  ['50/s', { everyMs: 20, burst: 50 }],
  ['100/20s', { everyMs: 200, burst: 5 }],
  ['1000/h', { everyMs: 3_600, burst: 1 }],
  ['1/1d', { everyMs: 86_400_000, burst: 1 }],
])('reads %s as a pace', (rate, pace) => {
  expect(paceOf(rate)).toEqual(pace);
});

it.each(['', '50', '0/s', '50/0s', '1.5/s', '50/w', '50 / s', '-1/s', '9999999/s'])(
  'does not read %j',
  (rate) => {
    expect(paceOf(rate)).toBeUndefined();
  },
);

it('takes over what is said and nothing else', () => {
  expect(laneSettings({})).toEqual({});
  expect(laneSettings({ atOnce: 4 })).toEqual({ atOnce: 4 });
  expect(laneSettings({ rate: '50/s', burst: 3 })).toEqual({ pace: { everyMs: 20, burst: 3 } });
});
