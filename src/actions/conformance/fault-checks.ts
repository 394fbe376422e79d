import { RETRY_AFTER_SECONDS, type TargetFault } from '../conformance-target.js';
import { expect, expectFailure, failureIn, told } from './expect.js';
import type { Trials } from './trials.js';

/** How far from the named time a retry may be, milliseconds. */
const MARGIN_MS = 2_000;
const LATER = ['backoff', 'at', 'lane'] as const;

/** What a kind says of a target that is not well. */
export function faultChecks(trials: Trials) {
  const { target } = trials;
  const failureAfter = async (fault: TargetFault) => failureIn(await trials.fresh({ fault }));
  return {
    'tries again, and claims nothing, when nobody listens': async () => {
      const failure = failureIn(await trials.fresh({ connection: target.nowhere }));
      expectFailure(failure, { retry: LATER, outcomeUnknown: false });
    },

    'gives up in time on a target that hangs, and does not know the outcome': async () => {
      expectFailure(await failureAfter('hang'), { retry: LATER, outcomeUnknown: true });
    },

    'does not know the outcome when the connection is lost': async () => {
      expectFailure(await failureAfter('reset'), { retry: LATER, outcomeUnknown: true });
    },

    'is sure of nothing that an answer cut in its middle does not say': async () => {
      const { failure } = await trials.fresh({ fault: 'cut' });
      // Where the status says it all, it is done.
      if (failure !== undefined) expectFailure(failure, { retry: LATER, outcomeUnknown: true });
    },

    'tries again when the target failed': async () => {
      expectFailure(await failureAfter('error'), { retry: LATER });
    },

    'comes back when the target asks it to': async () => {
      const failure = await failureAfter('slow-down');
      expectFailure(failure, { retry: ['at', 'lane'], outcomeUnknown: false });
      const at = 'at' in failure.retry ? failure.retry.at : 0;
      const away = at - Date.now() - RETRY_AFTER_SECONDS * 1_000;
      expect(
        Math.abs(away) <= MARGIN_MS,
        `it was asked to come back in ${RETRY_AFTER_SECONDS} s, and is ${Math.round(away)} ms off: ${told(failure)}`,
      );
    },

    'gives up, with a sentence, what the target refuses for good': async () => {
      expectFailure(await failureAfter('refuse'), { retry: ['never'], outcomeUnknown: false });
    },
  };
}
