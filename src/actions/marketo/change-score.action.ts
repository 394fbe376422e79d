import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import type { JsonObject } from '../../contracts/json.js';
import type { Coalescer, SharedCall } from '../../marketo/coalescer.js';
import { CALL_TIMEOUT_MS, SYNC_TIMEOUT_MS } from '../../marketo/marketo-client.js';
import type { Action, Attempt } from '../action.js';
import { readId, readInteger, readParams } from '../common/read-params.js';
import { ChangeScoreParams } from './lead.params.js';
import { rowReceipt } from './row-receipt.js';
import { attemptTimeMs, shareCall } from './share-call.js';

/** The field is the same for all of a call. */
const NO_SUCH_FIELD = ['marketo.1006'];

/**
 * Changes a score by some points. Marketo takes only whole values: the plan reads the score and fixes the new value,
 * so that sending again writes the same number.
 */
export class ChangeScoreAction implements Action<MarketoDestination> {
  readonly type = 'marketo.changeScore';
  readonly repeatable = true;
  readonly timeoutMs = attemptTimeMs(CALL_TIMEOUT_MS, SYNC_TIMEOUT_MS);

  constructor(
    private readonly coalescer: Coalescer,
    private readonly clock: Clock,
  ) {}

  /** Two changes of one score must not both start from the same value. */
  exclusiveKey({ to, params }: Effect): string {
    return `${to}/${String(params['lead']).trim()}/${String(params['field'])}`;
  }

  /** Reads the score: `{ from, to }`. A lead without one starts from 0. */
  async plan(attempt: Attempt<MarketoDestination>): Promise<JsonObject> {
    const { lead, field, change } = readChange(attempt.effect);
    const row = await shareCall(this.coalescer, attempt, readCall(field), { row: { id: lead } });
    if (row === undefined) throw permanent('marketo.1004', `lead ${lead}: not found`);
    const from = readScore(row[field], field);
    return { from, to: from + change };
  }

  async send(attempt: Attempt<MarketoDestination>): Promise<Receipt> {
    const { lead, field } = readChange(attempt.effect);
    const { from, to } = attempt.plan ?? {};
    if (typeof to !== 'number') throw new Error('A score is not changed without its plan.');
    const part = { row: { id: lead, [field]: to }, rowKey: String(lead) };
    const row = await shareCall(this.coalescer, attempt, writeCall(field), part);
    return rowReceipt(`lead ${lead}, ${field} ${String(from)} → ${to}`, row, this.clock.now());
  }
}

function readCall(field: string): SharedCall {
  return {
    ...{ kind: 'marketo.changeScore.plan', target: [field], most: 300, timeoutMs: CALL_TIMEOUT_MS },
    forAll: NO_SUCH_FIELD,
    request: (rows) => {
      const ids = rows.map(({ id }) => String(id)).join();
      return {
        method: 'GET',
        path: `/rest/v1/leads.json?filterType=id&filterValues=${ids}&fields=id,${field}`,
      };
    },
    told: (answer, _index, { id }) => answer.find((row) => row['id'] === id),
  };
}

function writeCall(field: string): SharedCall {
  return {
    ...{ kind: 'marketo.changeScore', target: [field], most: 300, timeoutMs: SYNC_TIMEOUT_MS },
    forAll: NO_SUCH_FIELD,
    request: (input) => ({
      ...{ method: 'POST', path: '/rest/v1/leads.json' },
      body: { action: 'updateOnly', lookupField: 'id', input },
    }),
  };
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
