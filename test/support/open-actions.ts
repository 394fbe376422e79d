import { type Actions, createActions, type Means } from '../../src/actions/actions.js';
import type { Clock } from '../../src/contracts/clock.js';
import { HttpClient } from '../../src/http/http-client.js';
import { MarketoClient } from '../../src/marketo/marketo-client.js';
import { MarketoTokens } from '../../src/marketo/marketo-tokens.js';

const NO_QUEUE: Means['events'] = { add: () => Promise.reject(new Error('This test has no events queue.')) };

/** Every sender, over connections of the test's own. */
export function openActions(
  clock: Clock,
  events = NO_QUEUE,
): {
  readonly actions: Actions;
  readonly close: () => Promise<void>;
} {
  const http = new HttpClient();
  const marketo = new MarketoClient(http, new MarketoTokens(http, clock), clock);
  const actions = createActions({ http, marketo, events }, clock);
  return {
    actions,
    close: async () => {
      actions.close();
      await http.close();
    },
  };
}
