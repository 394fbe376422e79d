import { Backoffs } from 'bullmq';
import type { MinimalJob } from 'bullmq';
import { EVENTS_OPTIONS, LANE_OPTIONS, LANE_WORKER } from './queue-options.js';

const MINUTES = 60_000;
const NO_JOB = {} as MinimalJob;

it.each([
  ['a batch for an hour', EVENTS_OPTIONS.defaultJobOptions, undefined, 30, 70],
  ['an effect for three days', LANE_OPTIONS.defaultJobOptions, LANE_WORKER.settings, 55 * 60, 90 * 60],
])('tries %s', async (_what, { attempts, backoff }, settings, least, most) => {
  let waited = 0;
  for (let made = 1; made < attempts; made += 1) {
    const strategy = settings?.backoffStrategy;
    waited += (await Backoffs.calculate(backoff, made, new Error('down'), NO_JOB, strategy)) ?? 0;
  }
  expect(waited).toBeGreaterThan(least * MINUTES);
  expect(waited).toBeLessThan(most * MINUTES);
});
