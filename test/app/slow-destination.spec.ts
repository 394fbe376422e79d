import { eventually } from '../support/eventually.js';
import { newLead } from './support/activity.js';
import { figure } from './support/figure.js';
import { House } from './support/house.js';
import { received } from './support/received.js';
import { rule, tell } from './support/rule.js';

it('lets batches wait while more effects wait than may, and goes on when they have gone', async () => {
  const house = await House.build({
    'a-webhook.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')]),
  });
  try {
    const app = await house.start({ SIGNALMAN_BACKLOG_EFFECTS: '1' });
    const doors = house.doors(app);
    const { receiver } = house.sandbox;
    // Its effects wait for their next try.
    receiver.failNext({ httpStatus: 503, times: Infinity });
    expect((await doors.adobe(newLead(1, doors.clientId))).status).toBe(200);
    await eventually(async () => (await house.inside.journal.latest('decision', 10)).length === 1);
    await eventually(async () => (await figure(app, /signalman_backlog_effects/)) >= 1);
    expect((await doors.adobe(newLead(2, doors.clientId))).status).toBe(200);
    await eventually(async () => (await house.inside.waitingBatches()) === 1);
    receiver.recover();
    await house.inside.idle();
    expect(await house.inside.journal.latest('decision', 10)).toHaveLength(2);
    expect(received(house.sandbox).webhooks).toEqual(['"1"', '"2"']);
  } finally {
    await house.demolish();
  }
});

it('does not hold up effects for other destinations', async () => {
  const text = 'Lead {{ leadId }}';
  const house = await House.build({
    'a-webhook.json': rule('marketo.activity.newlead', [tell(text)]),
    'b-mail.json': rule('marketo.activity.newlead', [
      { type: 'email', params: { to: 'oncall', subject: text, text } },
    ]),
  });
  try {
    const app = await house.start();
    const doors = house.doors(app);
    const { receiver, mail } = house.sandbox;
    // It hangs for longer than the test; without bounds its effects would soon take every place.
    receiver.failNext({ hang: true, times: Infinity });
    const leads = Array.from({ length: 100 }, (_, i) => newLead(i + 1, doors.clientId));
    expect((await doors.adobe(leads)).status).toBe(200);
    await mail.messages.waitForCount(100, 8_000);
    expect(receiver.all()).toHaveLength(0);
  } finally {
    await house.demolish();
  }
});
