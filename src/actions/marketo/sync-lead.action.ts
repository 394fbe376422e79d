import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Receipt } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import type { Action, Attempt } from '../action.js';
import { readId, readParams } from '../common/read-params.js';
import { type MarketoClient, SYNC_TIMEOUT_MS, TOKEN_TIME_MS } from '../../marketo/marketo-client.js';
import { SyncLeadParams } from './marketo.params.js';
import { rowReceipt } from './row-receipt.js';

/** With `createOnly` a repeat meets the lead that the first attempt made. */
const LEAD_EXISTS = '1005';

/** Creates or updates one lead. Writing the same values again changes nothing. */
export class SyncLeadAction implements Action<MarketoDestination> {
  readonly type = 'marketo.syncLead';
  readonly repeatable = true;
  readonly timeoutMs = SYNC_TIMEOUT_MS + TOKEN_TIME_MS;

  constructor(
    private readonly client: MarketoClient,
    private readonly clock: Clock,
  ) {}

  async send({ effect, destination, signal }: Attempt<MarketoDestination>): Promise<Receipt> {
    const request = syncRequest(readParams(SyncLeadParams, effect));
    const rows = await this.client.call(destination, {
      method: 'POST',
      path: '/rest/v1/leads.json',
      body: request,
      timeoutMs: SYNC_TIMEOUT_MS,
      signal,
    });
    const fine = request.action === 'createOnly' ? [LEAD_EXISTS] : [];
    return rowReceipt(`lead by ${request.lookupField}`, rows, this.clock.now(), fine);
  }
}

function syncRequest({ fields, lookupField = 'email', action = 'createOrUpdate' }: SyncLeadParams) {
  const key = fields[lookupField];
  if (key === undefined || key === null || key === '') {
    throw permanent('params.lookup_field', `fields.${lookupField} is empty, so no lead can be found by it`);
  }
  if (lookupField !== 'id') return { action, lookupField, input: [fields] };
  // Marketo gives ids itself and takes one only to update.
  return { action: 'updateOnly', lookupField, input: [{ ...fields, id: readId(fields, 'id') }] };
}
