import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Receipt } from '../../contracts/effect.js';
import type { Coalescer, SharedCall } from '../../marketo/coalescer.js';
import { CALL_TIMEOUT_MS } from '../../marketo/marketo-client.js';
import type { Action, Attempt } from '../action.js';
import { readId, readParams } from '../common/read-params.js';
import { ProgramStatusParams } from './program.params.js';
import { rowReceipt } from './row-receipt.js';
import { attemptTimeMs, shareCall } from './share-call.js';

/** Gives one lead a status in a program. A lead that is there already or further on stays where it is. */
export class ProgramStatusAction implements Action<MarketoDestination> {
  readonly type = 'marketo.changeProgramStatus';
  readonly repeatable = true;
  readonly timeoutMs = attemptTimeMs(CALL_TIMEOUT_MS);

  constructor(
    private readonly coalescer: Coalescer,
    private readonly clock: Clock,
  ) {}

  async send(attempt: Attempt<MarketoDestination>): Promise<Receipt> {
    const program = readId(attempt.effect.params, 'program');
    const lead = readId(attempt.effect.params, 'lead');
    const { status } = readParams(ProgramStatusParams, attempt.effect);
    const part = { row: { leadId: lead }, rowKey: String(lead) };
    const row = await shareCall(this.coalescer, attempt, statusCall(program, status), part);
    return rowReceipt(`lead ${lead}, program ${program}, status ${status}`, row, this.clock.now());
  }
}

function statusCall(program: number, statusName: string): SharedCall {
  return {
    ...{ kind: 'marketo.changeProgramStatus', target: [program, statusName] },
    ...{ most: 300, timeoutMs: CALL_TIMEOUT_MS },
    request: (input) => ({
      ...{ method: 'POST', path: `/rest/v1/programs/${program}/members/status.json` },
      body: { statusName, input },
    }),
  };
}
