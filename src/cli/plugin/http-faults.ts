import { RETRY_AFTER_SECONDS, type TargetFault } from '../../actions/conformance-target.js';
import type { HttpTarget } from '../../sandbox/http-target.js';

/** Port 9 (discard) of this machine, where nobody listens. */
export const NOWHERE = 'http://127.0.0.1:9';

/** The faults of the conformance suite as a stand-in for HTTP makes them. */
export const HTTP_FAULTS: Readonly<Record<TargetFault, Parameters<HttpTarget['failNext']>[0]>> = {
  hang: { hang: true },
  reset: { reset: true },
  cut: { cutBody: true, afterEffect: true },
  error: { httpStatus: 500, body: 'out of order' },
  'slow-down': { httpStatus: 429, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  refuse: { httpStatus: 400, body: 'not like this' },
};
