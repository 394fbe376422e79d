import type { CanonicalEvent } from '../../contracts/event.js';
import type { Rule } from '../rule.js';
import { TrialThrottles } from './trial-throttles.js';

const rule = { id: 'a', throttle: { per: ['leadId'], everyMs: 60_000 } } as unknown as Rule;
const HELD = { granted: false };

function event(id: string, second: number, leadId = '7'): CanonicalEvent {
  const time = new Date(Date.UTC(2026, 2, 9, 16, 0, second)).toISOString();
  return { id, leadId, time } as CanonicalEvent;
}

it('grants one turn a key and period, by the time of the events, and hands over what it held back', () => {
  const throttles = new TrialThrottles();
  const claim = (...args: Parameters<typeof event>) => throttles.claim(rule, event(...args));
  expect(claim('1', 0)).toEqual({ granted: true, heldBack: { count: 0, events: [] } });
  expect(claim('2', 30)).toEqual({ granted: false, until: Date.UTC(2026, 2, 9, 16, 1, 0) });
  expect(claim('3', 31, '8')).toMatchObject({ granted: true });
  expect(claim('4', 59)).toMatchObject(HELD);
  expect(claim('5', 60)).toEqual({ granted: true, heldBack: { count: 2, events: ['2', '4'] } });
  expect(claim('6', 119)).toMatchObject(HELD);
  expect(claim('7', 121)).toEqual({ granted: true, heldBack: { count: 1, events: ['6'] } });
});

it('gives an event that comes again the answer that it had', () => {
  const throttles = new TrialThrottles();
  const first = throttles.claim(rule, event('1', 0));
  expect(throttles.claim(rule, event('2', 1))).toMatchObject(HELD);
  expect(throttles.claim(rule, event('2', 1))).toMatchObject(HELD);
  expect(throttles.claim(rule, event('1', 0))).toEqual(first);
  expect(throttles.claim(rule, event('3', 60))).toMatchObject({ heldBack: { count: 1, events: ['2'] } });
});

it('grants every turn of a rule without a throttle', () => {
  const free = { id: 'a' } as unknown as Rule;
  const throttles = new TrialThrottles();
  for (const id of ['1', '2']) expect(throttles.claim(free, event(id, 0))).toMatchObject({ granted: true });
});

it('counts an event from the future as of its receipt, as the stored throttles are told to', () => {
  const throttles = new TrialThrottles();
  const receivedAt = '2026-03-09T16:00:00.000Z';
  const lost = { ...event('1', 0), time: '2030-01-01T00:00:00.000Z', receivedAt };
  expect(throttles.claim(rule, lost)).toMatchObject({ granted: true });
  expect(throttles.claim(rule, event('2', 1))).toMatchObject(HELD);
});
