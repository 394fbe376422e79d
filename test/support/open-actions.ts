import { type Actions, createActions } from '../../src/actions/actions.js';
import type { Clock } from '../../src/contracts/clock.js';
import { HttpClient } from '../../src/http/http-client.js';
import { MarketoClient } from '../../src/marketo/marketo-client.js';
import { MarketoTokens } from '../../src/marketo/marketo-tokens.js';

/** Every sender, over connections of the test's own. */
export function openActions(clock: Clock): {
  readonly actions: Actions;
  readonly close: () => Promise<void>;
} {
  const http = new HttpClient();
  const actions = createActions(http, new MarketoClient(http, new MarketoTokens(http, clock), clock), clock);
  return {
    actions,
    close: async () => {
      actions.close();
      await http.close();
    },
  };
}
