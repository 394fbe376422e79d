import { anEvent } from '../../../test/pure/engine/samples.js';
import { ACTIVITY_PREFIX, ACTIVITY_TYPES, CUSTOM_ACTIVITY } from '../../catalogue/activity-types.js';
import { campaignOf } from './campaign.js';

const ADDED = 'marketo.activity.addtolist';

it.each([
  ['by its id', { campaignId: 12 }, {}, { campaignId: '12', name: '12' }],
  ['by its name', {}, { Campaign: 'Lifecycle' }, { name: 'Lifecycle' }],
  ['in the reason', {}, { Reason: 'Changed by Smart Campaign Lifecycle' }, { name: 'Lifecycle' }],
])('knows the smart campaign that did it, %s', (_how, data, attributes, campaign) => {
  expect(campaignOf(anEvent({ type: ADDED, data, attributes }))).toEqual(campaign);
});

it('takes nothing for a smart campaign that a customer, or whoever fills in his forms, calls so', () => {
  const attributes = { Campaign: 'spring', Reason: 'Changed by Smart Campaign Lifecycle' };
  expect(campaignOf(anEvent({ type: CUSTOM_ACTIVITY, data: {}, attributes }))).toBeUndefined();
});

it.each([
  'openemail',
  'clickemail',
  'emaildelivered',
  'emailbounced',
  'emailbouncedsoft',
  'unsubscribeemail',
  'visitwebpage',
  'clicklink',
  'filloutform',
])('takes %s for no doing of the campaign whose mail or page it was', (name) => {
  const event = anEvent({ type: ACTIVITY_PREFIX + name, data: { campaignId: 12, campaignName: 'Spring' } });
  expect(campaignOf(event)).toBeUndefined();
});

it('knows a campaign of every step that one can have, by names that Adobe gives', () => {
  const steps = ACTIVITY_TYPES.filter(
    ({ type }) => campaignOf(anEvent({ type, data: { campaignId: 12 } })) !== undefined,
  );
  expect(steps.map(({ name }) => name)).toEqual([
    'Send Email',
    'Change Data Value',
    'Sync Lead to SFDC',
    'Convert Lead',
    'Change Score',
    'Change Owner',
    'Add To List',
    'Remove from List',
    'Delete Lead from SFDC',
    'Delete Lead',
    'Send Alert',
    'Add to SFDC Campaign',
    'Remove from SFDC Campaign',
    'Change Status in SFDC Campaign',
    'Interesting Moment',
    'Request Campaign',
    'Change Lead Partition',
    'Change Revenue Stage',
    'Change Status In Progression',
    'Call Webhook',
    'Add To Nurture',
    'Change Nurture Track',
    'Change Nurture Cadence',
    'Change Program Member Data',
    'Sync Lead to Microsoft',
    'Execute Campaign',
    'Change Program Data',
  ]);
});
