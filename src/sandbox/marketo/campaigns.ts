import type { Call } from './contract-check.js';
import type { MarketoInstance } from './instance.js';
import type { Refusal, Result } from './refusal.js';

const MINUTE_MS = 60_000;
const YEAR_MS = 366 * 24 * 60 * MINUTE_MS;
const CLONES_A_DAY = 20;

type Token = { readonly name: string; readonly value: string };

export function triggerCampaign({ parameters, body }: Call, instance: MarketoInstance): Result | Refusal {
  const { campaignId } = parameters as { campaignId: number };
  const { leads, tokens = [] } = (body as { input: { leads: { id: number }[]; tokens?: Token[] } }).input;
  if (instance.batchCampaigns.has(campaignId)) return { code: '1003', message: 'Invalid data' };
  const missing = leads.find(({ id }) => instance.lead(id) === undefined);
  if (missing !== undefined) return { code: '1004', message: `Lead not found: ${missing.id}` };
  instance.campaignRequests.add({
    receivedAt: instance.timestamp(),
    campaignId,
    leadIds: leads.map(({ id }) => id),
    tokens,
  });
  return { result: [{ id: campaignId }] };
}

/** From five minutes to two years ahead, and twenty clones a day. */
export function scheduleCampaign({ parameters, body }: Call, instance: MarketoInstance): Result | Refusal {
  const { campaignId } = parameters as { campaignId: number };
  const { input } = body as {
    input: { runAt?: string; tokens?: Token[]; cloneToProgramName?: string };
  };
  const { tokens = [], ...rest } = input;
  const receivedAt = instance.timestamp();
  if (rest.runAt !== undefined && !isAhead(rest.runAt, Date.parse(receivedAt))) {
    return { code: '1042', message: 'Invalid runAt date' };
  }
  const day = receivedAt.slice(0, 10);
  const clones = instance.scheduledCampaigns
    .all()
    .filter((each) => each.cloneToProgramName !== undefined && each.receivedAt.startsWith(day));
  if (rest.cloneToProgramName !== undefined && clones.length >= CLONES_A_DAY) {
    return { code: '1020', message: 'Too many clones to program' };
  }
  instance.scheduledCampaigns.add({ receivedAt, campaignId, tokens, ...rest });
  return { result: [{ id: campaignId }] };
}

function isAhead(runAt: string, now: number): boolean {
  // Date.parse wants a colon in the offset.
  const at = Date.parse(runAt.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return at >= now + 5 * MINUTE_MS && at <= now + 2 * YEAR_MS;
}
