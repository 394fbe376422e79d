import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JsonObject } from '../../src/contracts/json.js';
import { HttpTarget } from '../../src/sandbox/http-target.js';
import { activityOf } from './support/activity-of.js';
import { signalman } from './support/command-line.js';
import { House } from './support/house.js';
import { rule } from './support/rule.js';

const TEAMS = resolve('examples/plugins/teams');
const RULES = {
  'hot.json': rule('marketo.activity.newlead', [
    { type: 'teams', params: { to: 'sales', title: 'New', text: 'Lead {{ leadId }} *is* here' } },
  ]),
};

describe('the app with a plug-in', () => {
  const teams = new HttpTarget({ status: 202, body: '' });
  let house: House;

  beforeAll(async () => {
    await teams.listen('127.0.0.1', 0);
    house = await House.build(RULES);
    const file = join(house.folder, 'connections.json');
    const connections = JSON.parse(readFileSync(file, 'utf8')) as { destinations: JsonObject };
    const sales = { kind: 'teams', url: { env: 'TEAMS_URL' }, allowPrivateAddresses: true };
    writeFileSync(
      file,
      JSON.stringify({ ...connections, destinations: { ...connections.destinations, sales } }),
    );
    cpSync(TEAMS, join(house.folder, 'plugins/teams'), { recursive: true });
  });
  afterAll(async () => {
    await house.demolish();
    await teams.close();
  });

  const env = () => ({
    SIGNALMAN_PLUGINS: join(house.folder, 'plugins/teams'),
    TEAMS_URL: `${teams.origin}/workflows/7/run?sig=a-signature-that-nobody-sees`,
  });

  it('does what a rule of its kind says, and keeps its secrets', async () => {
    const app = await house.start(env());
    const activity = activityOf('newlead', 318, house.doors(app).clientId);
    await house.doors(app).adobe([activity]);
    const [request] = await teams.taken.waitForCount(1, 15_000);
    expect(request?.url.search).toBe('?sig=a-signature-that-nobody-sees');
    const { attachments } = JSON.parse(request?.body.toString() ?? '') as {
      attachments: { content: { body: unknown } }[];
    };
    expect(attachments[0]?.content.body).toEqual([
      { type: 'TextBlock', text: 'New', size: 'Large', weight: 'Bolder', wrap: true },
      { type: 'TextBlock', text: 'Lead 318 *is* here', wrap: true },
    ]);
    await app.stop();
    expect(app.log).not.toContain('a-signature');
  });

  it('knows the kind on the command line, where its rules are checked', async () => {
    const checked = await signalman(['check'], { ...house.env, ...env() });
    expect(checked).toMatchObject({ code: 0, output: expect.stringContaining('1 rule in order') as string });
    const tried = await signalman(['plugin', 'check', TEAMS], {});
    expect(tried).toMatchObject({
      code: 0,
      output: expect.stringContaining('13 checks passed, 0 failed') as string,
    });
  });

  it('does not start, nor check, without a plug-in that it should have', async () => {
    const wrong = { ...env(), SIGNALMAN_PLUGINS: join(house.folder, 'plugins/team') };
    const sentence = `The plug-in ${wrong.SIGNALMAN_PLUGINS} is not there`;
    const app = await house.launch(wrong);
    expect(await app.ended()).toBe(1);
    expect(app.log).toContain(sentence);
    const checked = await signalman(['check'], { ...house.env, ...wrong });
    expect(checked).toMatchObject({ code: 1, errors: expect.stringContaining(sentence) as string });
  });
});
