import { readFileSync } from 'node:fs';
import { addressedTo } from '../../src/cli/events/sample.js';
import type { SenderAnswer } from '../../src/sandbox/adobe-sender.js';
import {
  ACTIVITY,
  AUDIT,
  AUDIT_V1,
  CLOUD_EVENT,
  NOTIFICATION,
  OBSERVABILITY,
  PUSHED,
} from '../support/delivery-samples.js';
import type { AppProcess } from './support/app-process.js';
import type { Doors } from './support/doors.js';
import { House } from './support/house.js';
import { received } from './support/received.js';
import { rule, tell, where } from './support/rule.js';

const ACTIVITIES = 'marketo.activity.*';
const WITNESSED = [ACTIVITIES, 'marketo.audit.user.*', 'marketo.notification.*', 'marketo.observability.*'];
const CRM = ['account.updated', 'opportunity.closed', 'note.added'].map((name) => `com.acme.crm.${name}`);
const lead = '{{ leadId }}';

const RULES = {
  // One webhook for each event, whatever it is.
  'witness.json': rule([...WITNESSED, ...CRM], [tell('{{ type }} {{ event.id }}')]),
  'slack.json': rule(
    'marketo.notification.web_services',
    [
      { type: 'slack', params: { to: 'ops', text: 'Quota at {{ data.eventAction.percent }} %' } },
      { type: 'slack', params: { to: 'ops-bot', text: 'By bot: {{ munchkinId }}' } },
    ],
    where('data', '$.eventAction.percent', 80, 'greaterThanInclusive'),
  ),
  'mail.json': rule(
    'marketo.audit.user.login',
    [{ type: 'email', params: { to: 'oncall', subject: 'Log-in of {{ data.userId }}', text: 'It failed.' } }],
    where('data', '$.eventAction', 'login failure'),
  ),
  'marketo/list.json': rule(
    'marketo.activity.newlead',
    [{ type: 'marketo.addToList', params: { list: 1001, lead } }],
    where('lead', '$.state', ''),
  ),
  'marketo/follow-up.json': rule(
    'marketo.activity.addtolist',
    [
      { type: 'marketo.removeFromList', params: { list: 1002, lead } },
      { type: 'marketo.syncLead', params: { lookupField: 'id', fields: { id: lead, city: 'Basel' } } },
    ],
    where('attributes', "$['List ID']", 1002),
  ),
  'marketo/score.json': rule('marketo.activity.clicklink', [
    { type: 'marketo.changeScore', params: { lead, field: 'leadScore', change: 5 } },
  ]),
  'marketo/campaign.json': rule('marketo.activity.filloutform', [
    {
      type: 'marketo.requestCampaign',
      params: { campaign: 77, lead, tokens: { 'my.form': '{{ data.primaryAttributeValue }}' } },
    },
  ]),
};

/** `type id` of the event that each delivery holds. */
const EVENTS = [
  'marketo.activity.filloutform 123-ABC-456:9c2b7f50-18d3-4d0e-8d3a-6f0a52c1b7e4',
  'marketo.activity.newlead 123-ABC-456:51f6e0aa-43b1-4f0c-a1de-0b9d7c6e2f18',
  'marketo.activity.addtolist 123-ABC-456:e7d9b1c4-62aa-4f35-b0c8-1a5d3e9f7026',
  'marketo.activity.clicklink 123-ABC-456:2a7c9e1d-8f4b-46d3-a5e0-7b3c1d9f6e84',
  'marketo.activity.filloutform 123-ABC-456:6b1d3f5a-7c9e-4b20-8d4f-6a8c0e2b4d66',
  'marketo.activity.clicklink 123-ABC-456:f3a5c7e9-1b2d-4f60-9a8b-0c2d4e6f8a11',
  'marketo.activity.clicklink 123-ABC-456:11111111-2222-4333-8444-555555555555',
  'marketo.audit.user.landingpage 7d2e9c40-5b1f-4a86-b3d7-8e0f1c2a3b4d',
  'marketo.audit.user.login 18c4f7a2-6e3b-4d95-a0c1-9b8d7e6f5a40',
  'marketo.audit.user.email 29d508b3-7f4c-4ea6-b1d2-0c9e8f7a6b51',
  'marketo.audit.user.email 3ae619c4-80dd-4fb7-92e3-1daf9e8b7c62',
  'marketo.audit.user.email io-audit-1',
  'marketo.audit.user.email io-audit-2',
  'marketo.notification.web_services 5c083be6-a2ff-41d9-b405-3fc1b0ad9e84',
  'marketo.notification.campaign_abort 6d194cf7-b300-42ea-8516-40d2c1be0f95',
  'marketo.notification.web_services 7e2a5d08-c411-43fb-9627-51e3d2cf1fa6',
  'marketo.notification.web_services io-notice-1',
  'marketo.observability.status 8f3b6e19-d522-440c-a738-62f4e3d020b7',
  'marketo.observability.status io-obs-1',
  'com.acme.crm.account.updated crm/https://crm.acme.example#acct-5521-rev-9',
  'com.acme.crm.opportunity.closed crm/https://crm.acme.example#opp-81-won',
  'com.acme.crm.opportunity.closed crm/https://crm.acme.example#opp-82-lost',
  'com.acme.crm.account.updated crm//crm/accounts#e-1',
  'com.acme.crm.note.added crm//crm/notes#note-1',
];

const EXPECTED = {
  slack: ['By bot: 123-ABC-456', 'Quota at 85 %'],
  mail: ['Log-in of sam@acme.example'],
  webhooks: EVENTS.map((event) => JSON.stringify(event)).sort(),
  lists: { 1001: [901] },
  campaigns: ['77 for 318', '77 for 319'],
};

const sample = (name: string): object => JSON.parse(readFileSync(`samples/${name}.json`, 'utf8')) as object;

/** Every shape, each with the door it comes to. */
function deliveries(doors: Doors): Promise<SenderAnswer>[] {
  const ours = (body: object): string => JSON.stringify(addressedTo(doors.clientId, body));
  const fromAdobe = [
    ...['lead-activity', 'lead-activity-batch', 'user-audit', 'user-audit-batch', 'user-audit-v1'].map(
      sample,
    ),
    ...['notification', 'notification-batch', 'observability'].map(sample),
    // A recipient inside `event`, one in the old spelling, and one in both places.
    ...[ACTIVITY, AUDIT, AUDIT_V1, OBSERVABILITY],
    { ...NOTIFICATION, event: { ...NOTIFICATION.event, recipient_client_id: 'replaced' } },
  ];
  return [
    ...fromAdobe.map((body) => doors.adobe(ours(body))),
    doors.push(sample('lead-activity-push')),
    // The same activity as ACTIVITY, on the other transport.
    doors.push(PUSHED),
    doors.events(sample('cloudevent')),
    doors.events(CLOUD_EVENT, { 'content-type': 'application/json' }),
    doors.events(sample('cloudevents-batch'), { 'content-type': 'application/cloudevents-batch+json' }),
    doors.events(
      { text: 'Call back' },
      {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': 'note-1',
        'ce-source': '/crm/notes',
        'ce-type': 'com.acme.crm.note.added',
      },
    ),
  ];
}

async function eventsRead(doors: Doors): Promise<number> {
  const { body } = await doors.get('/metrics');
  return [...body.matchAll(/^signalman_events_total\{.*\} (\d+)$/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
}

describe('the line, from a signed delivery to every destination', () => {
  let house: House;
  let app: AppProcess;

  beforeAll(async () => {
    house = await House.build(RULES);
    app = await house.start();
  });
  afterAll(async () => {
    await house.demolish();
  });

  /** The pushed activity counts as one more. */
  const HELD = EVENTS.length + 1;

  async function deliverAll(): Promise<void> {
    const answers = await Promise.all(deliveries(house.doors(app)));
    expect(answers.map(({ status }) => status).filter((status) => status >= 300)).toEqual([]);
    await house.inside.idle();
  }

  function expectOnceEach(): void {
    const { sandbox } = house;
    expect(received(sandbox)).toEqual(EXPECTED);
    expect([318, 320, 5001].map((id) => sandbox.marketo.instance.lead(id)?.['leadScore'])).toEqual([5, 5, 5]);
    expect(sandbox.marketo.instance.lead(902)?.['city']).toBe('Basel');
    expect(
      sandbox.marketo.instance.campaignRequests
        .all()
        .map(({ tokens }) => tokens[0]?.value)
        .sort(),
    ).toEqual(['Website.Contact Sales', 'Website.Request Demo']);
    expect(sandbox.marketo.violations.all()).toEqual([]);
    expect(sandbox.receiver.refused.all()).toEqual([]);
    expect(sandbox.slack.refused.all()).toEqual([]);
  }

  it('brings the effects of every body shape out, once each', async () => {
    await deliverAll();
    expectOnceEach();
    expect(await eventsRead(house.doors(app))).toBe(HELD);
    expect(await house.inside.journal.latest('unreadable', 10)).toEqual([]);
    expect(await house.inside.dead()).toBe(0);
  });

  it('adds nothing when everything is delivered a second time', async () => {
    await deliverAll();
    expect(await eventsRead(house.doors(app))).toBe(2 * HELD);
    expectOnceEach();
  });

  it('adds nothing when everything comes once more after a restart', async () => {
    expect(await app.stop()).toBe(0);
    app = await house.start();
    await deliverAll();
    expect(await eventsRead(house.doors(app))).toBe(HELD);
    expectOnceEach();
  });

  it('answers the challenge by which Adobe validates the URL', async () => {
    const { accepted } = await house.sandbox.adobe.challenge(`${app.origin}/ingest/adobe/marketo-io`);
    expect(accepted).toBe(true);
  });
});
