import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import type { JsonObject } from '../../contracts/json.js';
import type { Action, Attempt } from '../action.js';
import { readId, readInteger, readParams } from '../common/read-params.js';
import {
  CALL_TIMEOUT_MS,
  type MarketoClient,
  SYNC_TIMEOUT_MS,
  TOKEN_TIME_MS,
} from '../../marketo/marketo-client.js';
import { ChangeScoreParams } from './marketo.params.js';
import { rowReceipt } from './row-receipt.js';

/**
 * Changes a score by some points. Marketo takes only whole values: the plan reads the score and fixes the new value,
 * so that sending again writes the same number.
 */
export class ChangeScoreAction implements Action<MarketoDestination> {
  readonly type = 'marketo.changeScore';
  readonly repeatable = true;
  readonly timeoutMs = CALL_TIMEOUT_MS + SYNC_TIMEOUT_MS + TOKEN_TIME_MS;

  constructor(
    private readonly client: MarketoClient,
    private readonly clock: Clock,
  ) {}

  /** Two changes of one score must not both start from the same value. */
  exclusiveKey({ to, params }: Effect): string {
    return `${to}/${String(params['lead']).trim()}/${String(params['field'])}`;
  }

  /** Reads the score: `{ from, to }`. A lead without one starts from 0. */
  async plan({ effect, destination, signal }: Attempt<MarketoDestination>): Promise<JsonObject> {
    const { lead, field, change } = readChange(effect);
    const [row] = await this.client.call(destination, {
      method: 'GET',
      path: `/rest/v1/lead/${lead}.json?fields=id,${field}`,
      timeoutMs: CALL_TIMEOUT_MS,
      signal,
    });
    if (row === undefined) throw permanent('marketo.1004', `lead ${lead}: not found`);
    const from = readScore(row[field], field);
    return { from, to: from + change };
  }

  async send({ effect, destination, signal, plan }: Attempt<MarketoDestination>): Promise<Receipt> {
    const { lead, field } = readChange(effect);
    if (typeof plan?.['to'] !== 'number') throw new Error('A score is not changed without its plan.');
    const rows = await this.client.call(destination, {
      method: 'POST',
      path: '/rest/v1/leads.json',
      body: { action: 'updateOnly', lookupField: 'id', input: [{ id: lead, [field]: plan['to'] }] },
      timeoutMs: SYNC_TIMEOUT_MS,
      signal,
    });
    return rowReceipt(
      `lead ${lead}, ${field} ${String(plan['from'])} → ${plan['to']}`,
      rows,
      this.clock.now(),
    );
  }
}

function readChange(effect: Effect) {
  const lead = readId(effect.params, 'lead');
  const change = readInteger(effect.params, 'change');
  return { lead, change, field: readParams(ChangeScoreParams, effect).field };
}

function readScore(value: unknown, field: string): number {
  if (value === undefined || value === null || value === '') return 0;
  const score = Number(value);
  if (typeof value === 'boolean' || !Number.isFinite(score)) {
    throw permanent('marketo.not_a_score', `${field} holds ${JSON.stringify(value)}, which is not a number`);
  }
  return score;
}
