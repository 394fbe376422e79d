import { anEvent } from '../../../test/pure/engine/samples.js';
import { CUSTOM_ACTIVITY } from '../../catalogue/activity-types.js';
import { campaignOf } from './campaign.js';

const ADDED = 'marketo.activity.addtolist';

it.each([
  ['by its id', ADDED, { campaignId: 12 }, {}, { campaignId: '12', name: '12' }],
  ['by its name', ADDED, {}, { Campaign: 'Lifecycle' }, { name: 'Lifecycle' }],
  ['in the reason', ADDED, {}, { Reason: 'Changed by Smart Campaign Lifecycle' }, { name: 'Lifecycle' }],
  ["of a customer's own activity", CUSTOM_ACTIVITY, { campaignId: 12 }, {}, { campaignId: '12', name: '12' }],
])('knows the smart campaign that did it, %s', (_how, type, data, attributes, campaign) => {
  expect(campaignOf(anEvent({ type, data, attributes }))).toEqual(campaign);
});

it('takes nothing for a smart campaign that a customer, or whoever fills in his forms, calls so', () => {
  const attributes = { Campaign: 'spring', Reason: 'Changed by Smart Campaign Lifecycle' };
  expect(campaignOf(anEvent({ type: CUSTOM_ACTIVITY, data: {}, attributes }))).toBeUndefined();
});
