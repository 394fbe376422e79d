import { type Actions, createActions, type Means } from '../../src/actions/actions.js';
import type { Clock } from '../../src/contracts/clock.js';
import { HttpClient } from '../../src/http/http-client.js';
import type { CallBudget } from '../../src/marketo/call-budget.js';
import { Coalescer } from '../../src/marketo/coalescer.js';
import { MarketoCalls } from '../../src/marketo/marketo-calls.js';
import { MarketoClient } from '../../src/marketo/marketo-client.js';
import { MarketoTokens } from '../../src/marketo/marketo-tokens.js';
import { Metrics } from '../../src/observability/metrics.js';

const NO_QUEUE: Means['events'] = { add: () => Promise.reject(new Error('This test has no events queue.')) };

const NO_PLACES: Means['places'] = {
  find: () => Promise.reject(new Error('This test has no Redis.')),
  keep: () => Promise.reject(new Error('This test has no Redis.')),
};

/** For tests whose mails go to all of their recipients at once. */
const NOBODY_SERVED: Means['served'] = {
  of: () => Promise.resolve(new Set()),
  add: () => Promise.reject(new Error('This test has no Redis.')),
};

type Budget = Pick<CallBudget, 'take' | 'giveBack'>;

/** For tests that are not about the budget of calls and have no Redis for it. */
const ANY_NUMBER: Budget = {
  take: () => Promise.resolve({ lease: 'any' }),
  giveBack: () => Promise.resolve(),
};

/** Every sender, over connections of the test's own. */
export function openActions(
  clock: Clock,
  events = NO_QUEUE,
  budget = ANY_NUMBER,
): {
  readonly actions: Actions;
  readonly close: () => Promise<void>;
} {
  const http = new HttpClient();
  const client = new MarketoClient(http, new MarketoTokens(http, clock), clock);
  const marketo = new Coalescer(new MarketoCalls(client, budget, new Metrics(), clock));
  const actions = createActions({ http, marketo, events, places: NO_PLACES, served: NOBODY_SERVED }, clock);
  return {
    actions,
    close: async () => {
      actions.close();
      await http.close();
    },
  };
}
