import type { Failure, Retry } from '../../contracts/failure.js';
import type { Trial } from './trials.js';

/** Throws an `Error` with that sentence unless it holds. */
export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** The failure that an attempt must have ended in. */
export function failureIn({ failure, receipt }: Trial): Failure {
  expect(failure !== undefined, `it was done ("${receipt?.summary ?? ''}") where it should have failed`);
  return failure;
}

/** The attempt must have been done. */
export function expectDone({ failure, receipt }: Trial): void {
  expect(failure === undefined, `it failed: ${told(failure)}`);
  expect(
    typeof receipt?.summary === 'string' && isOneLine(receipt.summary),
    'its receipt has no summary of one line',
  );
}

/** The failure must ask for this: `retry` is one of the kinds, and its message one sentence for people. */
export function expectFailure(
  failure: Failure,
  { retry, outcomeUnknown }: { retry: readonly Retry['kind'][]; outcomeUnknown?: boolean },
): void {
  expect(
    retry.includes(failure.retry.kind),
    `it asks for "${failure.retry.kind}" where ${retry.map((kind) => `"${kind}"`).join(' or ')} is right: ${told(failure)}`,
  );
  expect(
    outcomeUnknown === undefined || failure.outcomeUnknown === outcomeUnknown,
    `its outcome is ${failure.outcomeUnknown ? 'unknown' : 'known'} where it must be ${outcomeUnknown === true ? 'unknown' : 'known'}: ${told(failure)}`,
  );
  expect(/^[\w-]+(?:\.[\w-]+)*$/.test(failure.code), `its code "${failure.code}" is no word for metrics`);
  expect(
    isOneLine(failure.message) && /\S \S/.test(failure.message),
    `"${failure.message}" is no sentence for people`,
  );
}

export function told(failure: Failure | undefined): string {
  return failure === undefined ? 'no failure' : `${failure.code}: ${failure.message}`;
}

function isOneLine(text: string): boolean {
  return text.trim() !== '' && !/[\r\n]/.test(text);
}
