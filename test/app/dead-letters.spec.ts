import { eventually } from '../support/eventually.js';
import { newLead } from './support/activity.js';
import type { AppProcess } from './support/app-process.js';
import { signalman } from './support/command-line.js';
import { House } from './support/house.js';
import { received } from './support/received.js';
import { rule, tell } from './support/rule.js';

const text = 'Lead {{ leadId }}';
const lead = '{{ leadId }}';

const everywhere = [
  { type: 'slack', params: { to: 'ops-bot', text } },
  { type: 'email', params: { to: 'oncall', subject: text, text } },
  tell(text),
  { type: 'marketo.addToList', params: { list: 1001, lead } },
];

describe('an effect that fails', () => {
  let house: House;
  let app: AppProcess;

  beforeAll(async () => {
    house = await House.build({ 'everywhere.json': rule('marketo.activity.newlead', everywhere) });
    app = await house.start();
  });
  afterAll(async () => {
    await house.demolish();
  });
  afterEach(() => {
    const { slack, mail, receiver, marketo } = house.sandbox;
    for (const standIn of [slack, mail, receiver, marketo]) standIn.clear();
  });

  async function deliver(id: number): Promise<void> {
    const doors = house.doors(app);
    expect((await doors.adobe(newLead(id, doors.clientId))).status).toBe(200);
  }

  const dead = async (...args: string[]) => signalman(['dead', ...args], house.env);
  const everythingFor = (id: number) => ({
    slack: [`Lead ${id}`],
    mail: [`Lead ${id}`],
    webhooks: [`"Lead ${id}"`],
    lists: { 1001: [id] },
    campaigns: [],
  });

  it('for good becomes a dead letter, and is sent once when it is replayed after the target was mended', async () => {
    const { slack } = house.sandbox;
    slack.missingChannels.add('#ops');
    await deliver(1);
    await eventually(async () => (await house.inside.dead()) === 1);
    await house.inside.idle();
    // Its neighbours were not held up.
    expect(received(house.sandbox)).toEqual({ ...everythingFor(1), slack: [] });
    // Nobody tried again what cannot help.
    expect(slack.requests.size).toBe(1);

    const listed = await dead('list');
    expect(listed).toMatchObject({ code: 0, errors: '' });
    expect(listed.output).toMatch(/^e[0-9a-f]{32} {2}slack .* after 1 attempt\n {2}.*channel_not_found/);
    const [id = ''] = listed.output.split(' ');

    slack.missingChannels.clear();
    expect(await dead('replay', id)).toMatchObject({ code: 0, output: '1 dead letter put back.\n' });
    await slack.messages.waitForCount(1);
    await house.inside.idle();
    expect(received(house.sandbox)).toEqual(everythingFor(1));
    expect((await dead('list')).output).toBe('There are no dead letters.\n');
    expect(await dead('replay', id)).toMatchObject({ code: 1 });

    // What was replayed and done is done: the same delivery adds nothing.
    await deliver(1);
    await house.inside.idle();
    expect(received(house.sandbox)).toEqual(everythingFor(1));
  });

  it('for now is tried again until it is done, and not before the target said', async () => {
    const { slack, mail, receiver, marketo } = house.sandbox;
    slack.failNext({ httpStatus: 429, headers: { 'retry-after': '2' } });
    receiver.failNext({ httpStatus: 503, times: 2 });
    mail.failNext({ responseCode: 451 });
    marketo.failNext({ code: '608' });
    const began = Date.now();
    await deliver(2);
    await slack.messages.waitForCount(1, 10_000);
    expect(Date.now() - began).toBeGreaterThanOrEqual(2_000);
    await house.inside.idle();
    expect(received(house.sandbox)).toEqual(everythingFor(2));
    expect([slack.requests.size, receiver.requests.size]).toEqual([2, 3]);
    expect(await house.inside.dead()).toBe(0);
    const entries = await house.inside.effects(4);
    expect(entries.map(({ standing }) => standing)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('that many were given up can be replayed at once', async () => {
    house.sandbox.receiver.failNext({ httpStatus: 400, times: 3 });
    await deliver(3);
    await deliver(4);
    await deliver(5);
    await eventually(async () => (await house.inside.dead()) === 3);
    expect(await dead('replay', '--all', '--yes')).toMatchObject({
      code: 0,
      output: '3 dead letters put back.\n',
    });
    await house.inside.idle();
    expect(received(house.sandbox).webhooks).toEqual(['"Lead 3"', '"Lead 4"', '"Lead 5"']);
    expect(await house.inside.dead()).toBe(0);
  });
});
