import { failureOfStatus } from './http-failure.js';

const NOW = Date.parse('2026-05-04T10:00:00Z');
const failureOf = (status: number, headers = {}) =>
  failureOfStatus('The receiver', { status, headers, body: '', complete: true }, NOW);

it.each([200, 201, 204])('takes %i for done', (status) => {
  expect(failureOf(status)).toBeUndefined();
});

it.each([408, 425, 429, 500, 502, 503, 504])(
  'takes %i for a trouble of the destination that may pass',
  (status) => {
    expect(failureOf(status)).toMatchObject({
      code: `http.${status}`,
      retry: { kind: 'backoff' },
      destination: 'down',
      outcomeUnknown: status === 502 || status === 504,
    });
  },
);

it.each([401, 403, 407])(
  'takes %i for a destination that refuses all that we send until a person mends it',
  (status) => {
    expect(failureOf(status)).toMatchObject({
      code: `http.${status}`,
      retry: { kind: 'backoff' },
      destination: 'down',
      outcomeUnknown: false,
    });
  },
);

it.each([301, 400, 404, 409, 410, 413, 422])('takes %i for the fault of this one effect', (status) => {
  expect(failureOf(status)).toMatchObject({ retry: { kind: 'never' }, destination: undefined });
});

it.each([429, 503])('waits for as long as a %i asks for', (status) => {
  expect(failureOf(status, { 'retry-after': '120' })).toMatchObject({
    retry: { kind: 'at', at: NOW + 120_000 },
    destination: 'down',
  });
});
