import { newLead } from './support/activity.js';
import { House } from './support/house.js';
import { rule, tell } from './support/rule.js';

it('does not hold up effects for other destinations', async () => {
  const text = 'Lead {{ leadId }}';
  const house = await House.build({
    'a-webhook.json': rule('marketo.activity.newlead', [tell(text)]),
    'b-slack.json': rule('marketo.activity.newlead', [{ type: 'slack', params: { to: 'ops', text } }]),
  });
  try {
    const app = await house.start();
    const doors = house.doors(app);
    const { receiver, slack } = house.sandbox;
    // It hangs for longer than the test; without bounds its effects would soon take every place.
    receiver.failNext({ hang: true, times: Infinity });
    const leads = Array.from({ length: 100 }, (_, i) => newLead(i + 1, doors.clientId));
    expect((await doors.adobe(leads)).status).toBe(200);
    await slack.messages.waitForCount(100, 8_000);
    expect(receiver.all()).toHaveLength(0);
  } finally {
    await house.demolish();
  }
});
