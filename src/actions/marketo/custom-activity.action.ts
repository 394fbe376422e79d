import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import { parseInstant } from '../../contracts/instant.js';
import type { Coalescer, SharedCall } from '../../marketo/coalescer.js';
import { SYNC_TIMEOUT_MS } from '../../marketo/marketo-client.js';
import type { Action, Attempt } from '../action.js';
import { readId, readParams } from '../common/read-params.js';
import { CustomActivityParams } from './program.params.js';
import { rowReceipt } from './row-receipt.js';
import { attemptTimeMs, shareCall } from './share-call.js';

/** Adds one activity to a lead. Sending it twice adds two. */
export class CustomActivityAction implements Action<MarketoDestination> {
  readonly type = 'marketo.addCustomActivity';
  readonly repeatable = false;
  readonly timeoutMs = attemptTimeMs(SYNC_TIMEOUT_MS);

  constructor(
    private readonly coalescer: Coalescer,
    private readonly clock: Clock,
  ) {}

  async send(attempt: Attempt<MarketoDestination>): Promise<Receipt> {
    const row = activityOf(attempt.effect);
    const told = await shareCall(this.coalescer, attempt, ACTIVITIES, { row });
    return rowReceipt(`lead ${row.leadId}, activity ${row.activityTypeId}`, told, this.clock.now());
  }
}

const ACTIVITIES: SharedCall = {
  ...{ kind: 'marketo.addCustomActivity', target: [], most: 300, timeoutMs: SYNC_TIMEOUT_MS },
  request: (input) => ({ method: 'POST', path: '/rest/v1/activities/external.json', body: { input } }),
};

function activityOf(effect: Effect) {
  const { primaryValue, attributes = {}, at = effect.decidedAt } = readParams(CustomActivityParams, effect);
  const time = parseInstant(at.trim());
  if (time === undefined) {
    throw permanent('params.not_a_time', `at must be a time, but is ${JSON.stringify(at)}`);
  }
  return {
    leadId: readId(effect.params, 'lead'),
    activityDate: `${new Date(time).toISOString().slice(0, 19)}Z`,
    activityTypeId: readId(effect.params, 'activityType'),
    primaryAttributeValue: primaryValue,
    attributes: Object.entries(attributes).map(([apiName, value]) => ({ apiName, value })),
  };
}
