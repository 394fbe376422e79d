import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import type { Coalescer, SharedCall } from '../../marketo/coalescer.js';
import { SYNC_TIMEOUT_MS } from '../../marketo/marketo-client.js';
import type { Action, Attempt } from '../action.js';
import { readId, readParams } from '../common/read-params.js';
import { SyncLeadParams } from './lead.params.js';
import { leadTurn, readLookup } from './lookup.js';
import { rowReceipt } from './row-receipt.js';
import { attemptTimeMs, shareCall } from './share-call.js';

/** With `createOnly` a repeat meets the lead that the first attempt made. */
const LEAD_EXISTS = '1005';

/** Creates or updates one lead. Writing the same values again changes nothing. */
export class SyncLeadAction implements Action<MarketoDestination> {
  readonly type = 'marketo.syncLead';
  readonly repeatable = true;
  readonly timeoutMs = attemptTimeMs(SYNC_TIMEOUT_MS);

  constructor(
    private readonly coalescer: Coalescer,
    private readonly clock: Clock,
  ) {}

  exclusiveKey(effect: Effect): string {
    return leadTurn(effect);
  }

  async send(attempt: Attempt<MarketoDestination>): Promise<Receipt> {
    const { call, ...part } = syncPart(readParams(SyncLeadParams, attempt.effect));
    const row = await shareCall(this.coalescer, attempt, call, part);
    const fine = call.target[0] === 'createOnly' ? [LEAD_EXISTS] : [];
    return rowReceipt(`lead by ${String(call.target[1])}`, row, this.clock.now(), fine);
  }
}

function syncPart(params: SyncLeadParams) {
  const { fields, partition } = params;
  const { field, rowKey } = readLookup(params);
  // Marketo gives ids itself and takes one only to update.
  const byId = field === 'id';
  const action = byId ? 'updateOnly' : (params.action ?? 'createOrUpdate');
  if (partition !== undefined && action === 'updateOnly') {
    throw permanent('params.partition', 'a partition is for a lead that may be new, and this only updates');
  }
  return {
    call: syncCall(action, field, partition),
    row: byId ? { ...fields, id: readId(fields, 'id') } : fields,
    rowKey,
  };
}

function syncCall(action: string, lookupField: string, partitionName: string | undefined): SharedCall {
  return {
    ...{ kind: 'marketo.syncLead', target: [action, lookupField, partitionName ?? null] },
    ...{ most: 300, timeoutMs: SYNC_TIMEOUT_MS },
    request: (input) => ({
      ...{ method: 'POST', path: '/rest/v1/leads.json' },
      body: { action, lookupField, ...(partitionName === undefined ? {} : { partitionName }), input },
    }),
  };
}
