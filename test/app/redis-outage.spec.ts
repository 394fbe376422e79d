import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { newLead } from './support/activity.js';
import type { AppProcess } from './support/app-process.js';
import type { Doors } from './support/doors.js';
import { House } from './support/house.js';
import { rule, tell } from './support/rule.js';

/** Adobe's limit, after which it counts a delivery as failed whatever we did. */
const ADOBE_MS = 10_000;

interface Answer {
  readonly lead: number;
  readonly status: number;
  readonly retryAfter: unknown;
  readonly ms: number;
}

/** Eight senders that go on, each with its next event once the last was answered, until they are told to stop. */
class Load {
  readonly answers: Answer[] = [];
  private next: number;
  private stopped = false;
  private readonly senders: Promise<void>[];

  constructor(
    private readonly doors: Doors,
    firstLead: number,
  ) {
    this.next = firstLead;
    this.senders = Array.from({ length: 8 }, () => this.send());
  }

  get refused(): readonly Answer[] {
    return this.answers.filter(({ status }) => status !== 200);
  }

  get taken(): readonly Answer[] {
    return this.answers.filter(({ status }) => status === 200);
  }

  /** Rejects when one sender was left without an answer. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.senders);
  }

  private async send(): Promise<void> {
    while (!this.stopped) {
      const lead = this.next++;
      const began = performance.now();
      const { status, headers } = await this.doors.adobe(newLead(lead, this.doors.clientId));
      const ms = performance.now() - began;
      this.answers.push({ lead, status, retryAfter: headers['retry-after'], ms });
      // A sender that was told to come again later does not come at once.
      await pause(status === 200 ? 1 : 20);
    }
  }
}

describe('while Redis is away', () => {
  let house: House;
  let app: AppProcess;
  let doors: Doors;

  beforeAll(async () => {
    house = await House.build({
      'tell.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')], {
        throttle: { per: 'leadId', every: '1h' },
      }),
    });
    app = await house.start();
    doors = house.doors(app);
  });
  afterAll(async () => {
    await house.demolish();
  });

  const readiness = async (): Promise<number> => (await doors.get('/health/ready')).status;

  async function expectAllProcessed(load: Load): Promise<void> {
    // Deliveries that were refused come again, as their senders were told.
    for (const { lead } of load.refused) {
      expect((await doors.adobe(newLead(lead, doors.clientId))).status).toBe(200);
    }
    await house.inside.idle();
    const deliveries = house.sandbox.receiver.unique();
    const seen = deliveries.map(({ first }) => Number(JSON.parse(first.body)));
    const sent = load.answers.map(({ lead }) => lead);
    expect(seen.filter((lead) => sent.includes(lead)).sort()).toEqual(sent.sort());
    expect(await house.inside.dead()).toBe(0);
    expect(app.running).toBe(true);
  }

  function expectHonestAnswers(load: Load): void {
    expect(load.refused.length).toBeGreaterThan(0);
    expect(load.refused.filter(({ status, retryAfter }) => status !== 503 || !Number(retryAfter))).toEqual(
      [],
    );
    expect(Math.max(...load.answers.map(({ ms }) => ms))).toBeLessThan(ADOBE_MS);
  }

  it('killed and started again under load: what was answered 2xx is processed, the rest got 503', async () => {
    const load = new Load(doors, 1_000);
    await eventually(() => load.taken.length >= 50);
    await house.redis.kill9();
    await eventually(() => load.refused.length >= 20);
    expect(await readiness()).toBe(503);
    expect((await doors.get('/health/live')).status).toBe(200);
    const before = load.taken.length;
    await house.redis.restart();
    await eventually(() => load.taken.length >= before + 50);
    await load.stop();
    expectHonestAnswers(load);
    await expectAllProcessed(load);
    await eventually(async () => (await readiness()) === 200);
  });

  it('hanging for longer than a sender can wait: 503 in time, nothing hangs, nothing is lost', async () => {
    const load = new Load(doors, 100_000);
    await eventually(() => load.taken.length >= 20);
    house.redis.pause();
    await eventually(() => load.refused.length >= 8, { timeoutMs: ADOBE_MS });
    expect(await readiness()).toBe(503);
    const before = load.taken.length;
    house.redis.resume();
    await eventually(() => load.taken.length >= before + 20);
    await load.stop();
    expectHonestAnswers(load);
    await expectAllProcessed(load);
    await eventually(async () => (await readiness()) === 200);
  });

  it('every effect came out once, also of what was refused although it had been stored', () => {
    expect(house.sandbox.receiver.unique().filter(({ count }) => count > 1)).toEqual([]);
  });
});
