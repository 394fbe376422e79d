import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import type { JsonObject } from '../../contracts/json.js';
import type { Coalescer, SharedCall } from '../../marketo/coalescer.js';
import { CALL_TIMEOUT_MS } from '../../marketo/marketo-client.js';
import type { Action, Attempt } from '../action.js';
import { readId } from '../common/read-params.js';
import type { ListActionType } from './list.params.js';
import { rowReceipt } from './row-receipt.js';
import { attemptTimeMs, shareCall } from './share-call.js';

/**
 * Adds a lead to a static list, or removes it. Doing it twice leaves the same membership; the plan reads which it was
 * before, so that it is known whether there was anything to do and what taking it back would be.
 */
export class ListAction implements Action<MarketoDestination> {
  readonly repeatable = true;
  readonly timeoutMs = attemptTimeMs(CALL_TIMEOUT_MS, CALL_TIMEOUT_MS);

  constructor(
    readonly type: ListActionType,
    private readonly coalescer: Coalescer,
    private readonly clock: Clock,
  ) {}

  /** What one effect finds must still hold when it writes. */
  exclusiveKey({ to, params }: Effect): string {
    return `${to}/list/${String(params['list']).trim()}/${String(params['lead']).trim()}`;
  }

  /** Reads whether the lead is in the list: `{ member }`. */
  async plan(attempt: Attempt<MarketoDestination>): Promise<JsonObject> {
    const { list, lead, what } = readListed(attempt.effect);
    const call = listCall(`${this.type}.plan`, 'GET', `/rest/v1/lists/${list}/leads/ismember.json`);
    const row = await shareCall(this.coalescer, attempt, call, { row: { id: lead } });
    rowReceipt(what, row, this.clock.now());
    return { member: row?.['status'] === 'memberof' };
  }

  async send(attempt: Attempt<MarketoDestination>): Promise<Receipt> {
    const { list, lead, what } = readListed(attempt.effect);
    const adds = this.type === 'marketo.addToList';
    if (attempt.plan?.['member'] === adds) {
      return { summary: `${what}: ${adds ? 'was a member' : 'was no member'} already`, already: true };
    }
    const call = listCall(this.type, adds ? 'POST' : 'DELETE', `/rest/v1/lists/${list}/leads.json`);
    const row = await shareCall(this.coalescer, attempt, call, { row: { id: lead }, rowKey: String(lead) });
    return rowReceipt(what, row, this.clock.now());
  }
}

/** Ids go in the query, which every operation on lists takes. */
function listCall(kind: string, method: 'GET' | 'POST' | 'DELETE', path: string): SharedCall {
  return {
    ...{ kind, target: [path], most: 300, timeoutMs: CALL_TIMEOUT_MS },
    request: (rows) => ({ method, path: `${path}?${rows.map(({ id }) => `id=${String(id)}`).join('&')}` }),
  };
}

function readListed({ params }: Effect) {
  const list = readId(params, 'list');
  const lead = readId(params, 'lead');
  return { list, lead, what: `lead ${lead}, list ${list}` };
}
