import { Failure, permanent, retryAt } from '../contracts/failure.js';
import { briefFailure, briefReceipt } from './brief-answers.js';

const LONG = `550 no\r\n${'x'.repeat(5_000)}`;
const BRIEF = `550 no ${'x'.repeat(492)}…`;

it('cuts what a destination said of what it took', () => {
  const data = { ts: '1.2' };
  expect(briefReceipt({ summary: LONG, skipped: [LONG], already: true, data })).toEqual({
    summary: BRIEF,
    skipped: [BRIEF],
    already: true,
    data,
  });
  expect(briefReceipt({ summary: '200 OK' })).toEqual({ summary: '200 OK' });
  expect(briefReceipt({ summary: 'ok', skipped: Array<string>(5_000).fill('no') }).skipped).toHaveLength(100);
});

it('cuts what a destination said of why it refused, and changes nothing else', () => {
  const failure = briefFailure(permanent(`slack.${LONG}`, LONG));
  expect(failure.message).toBe(BRIEF);
  expect(failure.code).toHaveLength(100);
  const details = {
    retry: { kind: 'lane', at: 7 },
    outcomeUnknown: true,
    destination: 'down',
    tries: 2,
  } as const;
  expect(briefFailure(new Failure('no', { code: 'c', ...details }))).toMatchObject({
    message: 'no',
    ...details,
  });
  expect(briefFailure(retryAt('c', 'no', 7))).toMatchObject({ code: 'c', retry: { kind: 'at', at: 7 } });
});

it('takes whatever else is thrown for a defect after which nobody knows', () => {
  expect(briefFailure(new TypeError(LONG))).toMatchObject({
    code: 'action.defect',
    message: BRIEF,
    outcomeUnknown: true,
    retry: { kind: 'backoff' },
  });
});
