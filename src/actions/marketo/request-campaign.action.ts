import type { MarketoDestination } from '../../contracts/connections.js';
import type { Receipt } from '../../contracts/effect.js';
import type { Coalescer, SharedCall } from '../../marketo/coalescer.js';
import { CALL_TIMEOUT_MS } from '../../marketo/marketo-client.js';
import type { Action, Attempt } from '../action.js';
import { readId, readParams } from '../common/read-params.js';
import { RequestCampaignParams } from './campaign.params.js';
import { myTokens } from './my-tokens.js';
import { attemptTimeMs, shareCall } from './share-call.js';

/** Runs a trigger campaign for one lead. Asking twice runs it twice. */
export class RequestCampaignAction implements Action<MarketoDestination> {
  readonly type = 'marketo.requestCampaign';
  readonly repeatable = false;
  readonly timeoutMs = attemptTimeMs(CALL_TIMEOUT_MS);

  constructor(private readonly coalescer: Coalescer) {}

  async send(attempt: Attempt<MarketoDestination>): Promise<Receipt> {
    const campaign = readId(attempt.effect.params, 'campaign');
    const lead = readId(attempt.effect.params, 'lead');
    const { tokens } = readParams(RequestCampaignParams, attempt.effect);
    const part = { row: { id: lead }, rowKey: String(lead) };
    await shareCall(this.coalescer, attempt, triggerCall(campaign, myTokens(tokens)), part);
    return { summary: `campaign ${campaign} requested for lead ${lead}` };
  }
}

/** The answer names the campaign, and no lead. */
function triggerCall(campaign: number, tokens: readonly object[]): SharedCall {
  return {
    ...{ kind: 'marketo.requestCampaign', target: [campaign, tokens], most: 100, timeoutMs: CALL_TIMEOUT_MS },
    request: (leads) => ({
      method: 'POST',
      path: `/rest/v1/campaigns/${campaign}/trigger.json`,
      body: { input: { leads, ...(tokens.length === 0 ? {} : { tokens }) } },
    }),
    told: ([row]) => row,
  };
}
