import { eventually } from '../support/eventually.js';
import { newLead } from './support/activity.js';
import type { AppProcess } from './support/app-process.js';
import type { Doors } from './support/doors.js';
import { House } from './support/house.js';
import { rule, tell } from './support/rule.js';

const ON = 'marketo.activity.newlead';
const saying = (text: string) => JSON.stringify(rule(ON, [tell(text)]));

/** Events that come one after the other until it is stopped. */
class Flow {
  sent = 0;
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(doors: Doors) {
    this.running = this.run(doors);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(doors: Doors): Promise<void> {
    while (!this.stopped) {
      const { status } = await doors.adobe(newLead(++this.sent, doors.clientId));
      expect(status).toBe(200);
    }
  }
}

describe('rules that change while events flow', () => {
  let house: House;
  let app: AppProcess;
  let doors: Doors;
  let flow: Flow;

  beforeAll(async () => {
    house = await House.build({ 'always.json': rule(ON, [tell('always {{ leadId }}')]) });
    app = await house.start();
    doors = house.doors(app);
    flow = new Flow(doors);
  });
  afterAll(async () => {
    await flow.stop();
    await house.demolish();
  });

  /** Waits until events that come from now on are answered with this text, in a row. */
  async function expectSaid(...texts: string[]): Promise<void> {
    await eventually(() => {
      const latest = saidFor(flow.sent - 5);
      return JSON.stringify(latest) === JSON.stringify(texts.sort());
    });
  }

  const saidFor = (lead: number) => {
    const bodies = house.sandbox.receiver.all().map(({ body }) => JSON.parse(body) as string);
    return bodies
      .filter((text) => text.endsWith(` ${lead}`))
      .map((text) => text.split(' ')[0])
      .sort();
  };

  async function rulesHealth(): Promise<string> {
    const { status, body } = await doors.get('/health/ready');
    expect(status).toBe(200);
    return (JSON.parse(body) as { rules: { detail: string } }).rules.detail;
  }

  async function metric(line: string): Promise<string | undefined> {
    const { body } = await doors.get('/metrics');
    return body
      .split('\n')
      .find((each) => each.startsWith(`${line} `))
      ?.slice(line.length + 1);
  }

  it('one that is added acts', async () => {
    await expectSaid('always');
    house.writeRule('folder/fresh.json', saying('first {{ leadId }}'));
    await expectSaid('always', 'first');
    expect(await rulesHealth()).toBe('2 rules in force, 0 errors, 0 warnings');
  });

  it('one that is changed acts as it now reads', async () => {
    house.writeRule('folder/fresh.json', saying('second {{ leadId }}'));
    await expectSaid('always', 'second');
  });

  it('each change of one stands in the audit book', async () => {
    const changes = async (): Promise<string[]> =>
      (await house.inside.journal.latest('audit', 100)).flatMap((entry) =>
        entry.kind === 'audit' && entry.audit.target === 'folder/fresh' ? [entry.audit.what] : [],
      );
    await eventually(async () => JSON.stringify(await changes()) === '["rule.changed","rule.added"]');
  });

  it.each([
    ['cut short', '{ "on": "marketo.activity', /fresh\.json:1:\d+/],
    ['with an unknown action', JSON.stringify(rule(ON, [{ type: 'slak', params: {} }])), /slack/],
    ['with an unknown destination', saying('x').replace('"receiver"', '"reciever"'), /receiver/],
  ])('one that is broken (%s) stays in force as it was last good, and shows', async (_how, text, told) => {
    house.writeRule('folder/fresh.json', text);
    await eventually(async () => /2 rules in force, [1-9]\d* error/.test(await rulesHealth()));
    expect(await metric('signalman_rule_problems{severity="error"}')).not.toBe('0');
    await expectSaid('always', 'second');
    expect(app.log).toMatch(told);
    house.writeRule('folder/fresh.json', saying('second {{ leadId }}'));
    await eventually(async () => (await rulesHealth()) === '2 rules in force, 0 errors, 0 warnings');
  });

  it('one that is mended acts as it now reads, and nothing shows any more', async () => {
    house.writeRule('folder/fresh.json', '{');
    await eventually(async () => (await metric('signalman_rule_problems{severity="error"}')) === '1');
    house.writeRule('folder/fresh.json', saying('third {{ leadId }}'));
    await expectSaid('always', 'third');
    expect(await rulesHealth()).toBe('2 rules in force, 0 errors, 0 warnings');
    expect(await metric('signalman_rule_problems{severity="error"}')).toBe('0');
  });

  it('one that is deleted acts no more', async () => {
    house.removeRule('folder/fresh.json');
    await eventually(async () => (await metric('signalman_rules')) === '1');
    const first = flow.sent + 2;
    await eventually(() => flow.sent > first + 20);
    await flow.stop();
    await house.inside.idle();
    for (let lead = first; lead <= flow.sent; lead++) expect(saidFor(lead)).toEqual(['always']);
  });

  it('no event was missed by the rule that never changed', () => {
    expect(flow.sent).toBeGreaterThan(50);
    const always = house.sandbox.receiver.all().filter(({ body }) => body.startsWith('"always'));
    expect(new Set(always.map(({ body }) => body)).size).toBe(flow.sent);
    expect(always).toHaveLength(flow.sent);
    expect(app.running).toBe(true);
  });
});
