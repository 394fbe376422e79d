import type { MarketoDestination } from '../../contracts/connections.js';
import type { Receipt } from '../../contracts/effect.js';
import type { Action, Attempt } from '../action.js';
import { readId, readParams } from '../common/read-params.js';
import { CALL_TIMEOUT_MS, type MarketoClient, TOKEN_TIME_MS } from '../../marketo/marketo-client.js';
import { RequestCampaignParams } from './marketo.params.js';

/** Runs a trigger campaign for one lead. Asking twice runs it twice. */
export class RequestCampaignAction implements Action<MarketoDestination> {
  readonly type = 'marketo.requestCampaign';
  readonly repeatable = false;
  readonly timeoutMs = CALL_TIMEOUT_MS + TOKEN_TIME_MS;

  constructor(private readonly client: MarketoClient) {}

  async send({ effect, destination, signal }: Attempt<MarketoDestination>): Promise<Receipt> {
    const campaign = readId(effect.params, 'campaign');
    const lead = readId(effect.params, 'lead');
    const { tokens = {} } = readParams(RequestCampaignParams, effect);
    const values = Object.entries(tokens).map(([name, value]) => ({ name: `{{${name}}}`, value }));
    await this.client.call(destination, {
      method: 'POST',
      path: `/rest/v1/campaigns/${campaign}/trigger.json`,
      body: { input: { leads: [{ id: lead }], ...(values.length === 0 ? {} : { tokens: values }) } },
      timeoutMs: CALL_TIMEOUT_MS,
      signal,
    });
    return { summary: `campaign ${campaign} requested for lead ${lead}` };
  }
}
