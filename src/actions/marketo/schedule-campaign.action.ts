import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import { parseDuration } from '../../contracts/duration.js';
import type { Receipt } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import { parseInstant } from '../../contracts/instant.js';
import type { JsonObject } from '../../contracts/json.js';
import type { Coalescer, SharedCall } from '../../marketo/coalescer.js';
import { CALL_TIMEOUT_MS } from '../../marketo/marketo-client.js';
import type { Action, Attempt } from '../action.js';
import { readId, readParams } from '../common/read-params.js';
import { ScheduleCampaignParams } from './campaign.params.js';
import { myTokens } from './my-tokens.js';
import { attemptTimeMs, shareCall } from './share-call.js';

/** Schedules a batch campaign. Asking twice runs it twice, so no two effects share a call. */
export class ScheduleCampaignAction implements Action<MarketoDestination> {
  readonly type = 'marketo.scheduleCampaign';
  readonly repeatable = false;
  readonly timeoutMs = attemptTimeMs(CALL_TIMEOUT_MS);

  constructor(
    private readonly coalescer: Coalescer,
    private readonly clock: Clock,
  ) {}

  async send(attempt: Attempt<MarketoDestination>): Promise<Receipt> {
    const { effect } = attempt;
    const campaign = readId(effect.params, 'campaign');
    const { runAt, tokens, cloneToProgramName } = readParams(ScheduleCampaignParams, effect);
    const values = myTokens(tokens);
    const at = runAt === undefined ? undefined : marketoTime(readRunAt(runAt, this.clock.now()));
    const row = {
      ...(at === undefined ? {} : { runAt: at }),
      ...(values.length === 0 ? {} : { tokens: values }),
      ...(cloneToProgramName === undefined ? {} : { cloneToProgramName }),
    };
    await shareCall(this.coalescer, attempt, scheduleCall(campaign), { row });
    return { summary: `campaign ${campaign} scheduled for ${at ?? 'five minutes later'}` };
  }
}

function scheduleCall(campaign: number): SharedCall {
  return {
    ...{ kind: 'marketo.scheduleCampaign', target: [campaign], most: 1, timeoutMs: CALL_TIMEOUT_MS },
    request: ([input = {}]: readonly JsonObject[]) => ({
      ...{ method: 'POST', path: `/rest/v1/campaigns/${campaign}/schedule.json` },
      body: { input },
    }),
  };
}

/** Epoch milliseconds of a time, or of so long after `now`. */
function readRunAt(text: string, now: number): number {
  const trimmed = text.trim();
  const delay = parseDuration(trimmed);
  const at = delay === undefined ? parseInstant(trimmed) : now + delay;
  if (at !== undefined) return at;
  throw permanent('params.run_at', `runAt must be a time or a duration, but is ${JSON.stringify(text)}`);
}

/** `2026-12-24T08:00:00+0000`, the one form of Marketo's documentation. */
function marketoTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+0000`;
}
