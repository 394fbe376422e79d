import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Receipt } from '../../contracts/effect.js';
import type { Action, Attempt } from '../action.js';
import { readId } from '../common/read-params.js';
import { CALL_TIMEOUT_MS, type MarketoClient, TOKEN_TIME_MS } from '../../marketo/marketo-client.js';
import { rowReceipt } from './row-receipt.js';

/** Adds a lead to a static list, or removes it. Doing it twice leaves the same membership. */
export class ListAction implements Action<MarketoDestination> {
  readonly repeatable = true;
  readonly timeoutMs = CALL_TIMEOUT_MS + TOKEN_TIME_MS;

  constructor(
    readonly type: 'marketo.addToList' | 'marketo.removeFromList',
    private readonly client: MarketoClient,
    private readonly clock: Clock,
  ) {}

  async send({ effect, destination, signal }: Attempt<MarketoDestination>): Promise<Receipt> {
    const list = readId(effect.params, 'list');
    const lead = readId(effect.params, 'lead');
    const rows = await this.client.call(destination, {
      method: this.type === 'marketo.addToList' ? 'POST' : 'DELETE',
      path: `/rest/v1/lists/${list}/leads.json?id=${lead}`,
      timeoutMs: CALL_TIMEOUT_MS,
      signal,
    });
    return rowReceipt(`lead ${lead}, list ${list}`, rows, this.clock.now());
  }
}
