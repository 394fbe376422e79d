import type { Decision } from '../../src/contracts/decision.js';
import type { JsonObject } from '../../src/contracts/json.js';
import { eventually } from '../support/eventually.js';
import type { AppProcess } from './support/app-process.js';
import { House } from './support/house.js';
import { newLead } from './support/activity.js';
import { rule, tell } from './support/rule.js';

const LEAD = 7;
const CHANGED = 'marketo.activity.changedatavalue';

const RULES = {
  'points.json': rule(
    ['marketo.activity.newlead', CHANGED],
    [{ type: 'marketo.changeScore', params: { lead: '{{ leadId }}', field: 'leadScore', change: 5 } }],
  ),
  'loops.json': rule('signalman.loop', [tell('{{ data.reason }}')]),
};

describe('what the app wrote to Marketo', () => {
  let house: House;
  let app: AppProcess;

  beforeAll(async () => {
    house = await House.build(RULES);
    app = await house.start();
  });
  afterAll(async () => {
    await house.demolish();
  });

  let serial = 0;

  /** The lead has a new value, as Adobe I/O delivers it. @returns what the rule for points made of it. */
  async function changed(members: JsonObject, attributes: JsonObject): Promise<Decision | undefined> {
    serial += 1;
    const { clientId } = house.doors(app);
    const activity = newLead(LEAD, clientId);
    const at = new Date().toISOString();
    const data = {
      ...(activity['data'] as JsonObject),
      ...{ activityDate: at, activityTypeId: 13, activityType: 'Change Data Value', ...members },
      attributes: Object.entries(attributes).map(([name, value]) => ({ name, dataType: 'string', value })),
    };
    const type = 'com.adobe.platform.marketo.activity.standard.changedatavalue';
    return await send({
      ...activity,
      id: `change-${serial}`,
      eventid: `io-change-${serial}`,
      type,
      time: at,
      data,
    });
  }

  async function send(event: JsonObject): Promise<Decision | undefined> {
    expect((await house.doors(app).adobe([event])).status).toBe(200);
    await house.inside.idle();
    const eventId = `123-ABC-456:${String(event['id'])}`;
    const decisions = (await house.inside.journal.latest('decision', 100)).flatMap((entry) =>
      entry.kind === 'decision' ? [entry.decision] : [],
    );
    return decisions.find((each) => each.ruleId === 'points' && each.eventId === eventId);
  }

  const score = (): unknown => house.sandbox.marketo.instance.lead(LEAD)?.['leadScore'];

  it('does not set off the rule that wrote it when it comes back, and a campaign only so often', async () => {
    const before = Number(score() ?? 0);
    const first = await send(newLead(LEAD, house.doors(app).clientId));
    expect([first?.outcome, score()]).toEqual(['fired', before + 5]);
    const own = {
      'Attribute Name': 'Lead Score',
      'Old Value': before,
      'New Value': before + 5,
      Source: 'Web service API',
    };
    expect(await changed({}, own)).toMatchObject({
      outcome: 'own-write',
      reason: `the rule wrote this itself: effect ${first?.effects.join() ?? ''}`,
    });
    const outcomes: unknown[] = [];
    for (const value of ['MQL', 'SQL', 'MQL', 'SQL', 'MQL']) {
      const decision = await changed(
        { campaignId: 12, campaignName: 'Lifecycle' },
        { 'Attribute Name': 'Stage', 'New Value': value },
      );
      outcomes.push(decision?.outcome);
    }
    expect(outcomes).toEqual(['fired', 'fired', 'fired', 'looped', 'looped']);
    expect(score()).toBe(before + 4 * 5);
    const told = await eventually(() => house.sandbox.receiver.unique()[0]?.first.body);
    expect(told).toMatch(
      /rule points and smart campaign Lifecycle \(12\) answer each other: 4 times in \d+ minute/,
    );
  });
});
