import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import type { Coalescer, SharedCall } from '../../marketo/coalescer.js';
import { SYNC_TIMEOUT_MS } from '../../marketo/marketo-client.js';
import type { Action, Attempt } from '../action.js';
import { readParams } from '../common/read-params.js';
import { PushLeadParams } from './lead.params.js';
import { leadTurn, readLookup } from './lookup.js';
import { rowReceipt } from './row-receipt.js';
import { attemptTimeMs, shareCall } from './share-call.js';

/** Pushes one lead to a program. Pushing it twice writes two activities, and campaigns run twice. */
export class PushLeadAction implements Action<MarketoDestination> {
  readonly type = 'marketo.pushLead';
  readonly repeatable = false;
  readonly timeoutMs = attemptTimeMs(SYNC_TIMEOUT_MS);

  constructor(
    private readonly coalescer: Coalescer,
    private readonly clock: Clock,
  ) {}

  exclusiveKey(effect: Effect): string {
    return leadTurn(effect);
  }

  async send(attempt: Attempt<MarketoDestination>): Promise<Receipt> {
    const params = readParams(PushLeadParams, attempt.effect);
    const { field, rowKey } = readLookup(params);
    const part = { row: params.fields, rowKey };
    const row = await shareCall(this.coalescer, attempt, pushCall(params, field), part);
    return rowReceipt(`lead by ${field}, program ${params.program}`, row, this.clock.now());
  }
}

function pushCall(
  { program, status, source, reason, partition }: PushLeadParams,
  lookupField: string,
): SharedCall {
  const about = {
    ...{ programName: program, lookupField },
    ...(status === undefined ? {} : { programStatus: status }),
    ...(source === undefined ? {} : { source }),
    ...(reason === undefined ? {} : { reason }),
    ...(partition === undefined ? {} : { partitionName: partition }),
  };
  return {
    ...{ kind: 'marketo.pushLead', target: [about], most: 300, timeoutMs: SYNC_TIMEOUT_MS },
    request: (input) => ({ method: 'POST', path: '/rest/v1/leads/push.json', body: { ...about, input } }),
  };
}
