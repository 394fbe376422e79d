import type { CanonicalEvent } from '../../contracts/event.js';
import { eventTime } from './event-time.js';

const RECEIVED = '2026-03-09T16:00:00.000Z';

describe('the time by which an event counts', () => {
  it.each([
    ['2026-03-09T15:59:00.000Z', '2026-03-09T15:59:00.000Z'],
    ['2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'],
    ['2026-03-09T16:09:00.000Z', '2026-03-09T16:09:00.000Z'],
    ['2026-03-09T16:11:00.000Z', RECEIVED],
    ['9900-01-01T00:00:00.000Z', RECEIVED],
  ])('of an event of %s, received at 16:00, is %s', (time, expected) => {
    const event = { time, receivedAt: RECEIVED } as CanonicalEvent;
    expect(new Date(eventTime(event)).toISOString()).toBe(expected);
  });
});
