import { Backoffs } from 'bullmq';
import type { MinimalJob } from 'bullmq';
import { ACTIONS_OPTIONS, EVENTS_OPTIONS } from './queue-options.js';

const MINUTES = 60_000;
const NO_JOB = {} as MinimalJob;

it.each([
  ['a batch', EVENTS_OPTIONS.defaultJobOptions],
  ['an effect', ACTIONS_OPTIONS.defaultJobOptions],
])('tries %s for half an hour at least, and for little more than an hour', async (_what, options) => {
  let waited = 0;
  for (let made = 1; made < options.attempts; made += 1) {
    waited += (await Backoffs.calculate(options.backoff, made, new Error('down'), NO_JOB)) ?? 0;
  }
  expect(waited).toBeGreaterThan(30 * MINUTES);
  expect(waited).toBeLessThan(70 * MINUTES);
});
