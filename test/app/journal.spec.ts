import { eventually } from '../support/eventually.js';
import { newLead } from './support/activity.js';
import type { AppProcess } from './support/app-process.js';
import { type CommandResult, signalman } from './support/command-line.js';
import { House } from './support/house.js';
import { received } from './support/received.js';
import { rule, tell } from './support/rule.js';

const POSITION = '{signalman}:adobe-journal:marketo-io';
const LEASE = 'signalman:lock:adobe-journal:marketo-io';
const LEDGERS = '{signalman}:ledger:*';

describe("Adobe's journal beside the webhook", () => {
  let house: House;
  let app: AppProcess;

  beforeAll(async () => {
    house = await House.build({
      'witness.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')]),
      'gap.json': rule('signalman.journal.gap', [tell('gap {{ data.from }}')]),
    });
    app = await house.start();
  });
  afterAll(async () => {
    await house.demolish();
  });

  const lead = (id: number) => newLead(id, house.doors(app).clientId);
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_none, index) => from + index);
  /** What Adobe does with an event, delivered or not. */
  const journalHas = (...ids: number[]): void => {
    house.sandbox.adobeJournal.append(ids.map(lead));
  };
  const told = (): number[] =>
    received(house.sandbox)
      .webhooks.map((body) => Number(JSON.parse(body)))
      .sort((a, b) => a - b);

  /** Waits until every lead up to `last` was told of, and until everything that came is through. */
  async function expectOnceEachUpTo(last: number): Promise<void> {
    await eventually(() => told().length >= last, { timeoutMs: 30_000 });
    await house.inside.idle();
    expect(told()).toEqual(range(1, last));
  }

  /** The ledger's counts of all hours together. */
  async function ledger(): Promise<Record<string, number>> {
    const { redis } = house.inside;
    const sums: Record<string, number> = {};
    for (const key of await redis.keys(LEDGERS))
      for (const [field, count] of Object.entries(await redis.hgetall(key))) {
        const [source, stream, name = ''] = field.split('|');
        if (source === 'marketo-io' && stream === 'lead-activity')
          sums[name] = (sums[name] ?? 0) + Number(count);
      }
    return sums;
  }

  const lastLine = ({ output }: CommandResult): string => output.trimEnd().split('\n').at(-1) ?? '';

  async function catchUp(...args: string[]): Promise<CommandResult> {
    return signalman(['catch-up', '--yes', ...args], house.env);
  }

  it('brings exactly what the webhook missed, each effect once', async () => {
    journalHas(1, 2, 3, 4, 5);
    for (const id of [2, 4]) expect((await house.doors(app).adobe(lead(id))).status).toBe(200);
    await expectOnceEachUpTo(5);
    await eventually(async () => {
      expect(await ledger()).toMatchObject({ webhook: 2, journal: 5, decided: 5, duplicates: 2 });
      return true;
    });
  });

  it('brings what came while the app was down', async () => {
    expect(await app.stop()).toBe(0);
    journalHas(6, 7);
    app = await house.start();
    await expectOnceEachUpTo(7);
  });

  it('brings what came while the app was killed', async () => {
    await app.kill9();
    journalHas(8, 9);
    // The killed process still has the lease, for as long as it would take anybody to notice.
    await house.inside.redis.del(LEASE);
    app = await house.start();
    await expectOnceEachUpTo(9);
  });

  it('goes on when Redis comes back empty, and tells nothing twice that a target recognises', async () => {
    await house.inside.redis.flushall();
    journalHas(10);
    await expectOnceEachUpTo(10);
  });

  it('is read again by hand, and only what was missed has effects', async () => {
    await app.stop();
    journalHas(11, 12);
    const { journal } = JSON.parse((await house.inside.redis.get(POSITION)) ?? '') as { journal: string };
    // As if somebody had made the reader leave 11 out.
    const next = `${journal}?latest=true`;
    await house.inside.redis.set(POSITION, JSON.stringify({ journal, next, readAt: Date.now() }));
    app = await house.start();
    await eventually(() => told().includes(12), { timeoutMs: 30_000 });
    await house.inside.idle();
    expect(told()).not.toContain(11);

    // Those before Redis lost its memory are new to it again, but not to the target: 10 and 12 are known.
    const first = await catchUp('--source', 'marketo-io');
    expect([first.code, first.errors]).toEqual([0, '']);
    expect(lastLine(first)).toBe('marketo-io: 12 events in the journal: 2 known already, 10 new');
    await house.inside.idle();
    expect(new Set(told())).toEqual(new Set(range(1, 12)));
    expect(told().filter((id) => id === 11)).toEqual([11]);
    expect(lastLine(await catchUp())).toBe('marketo-io: 12 events in the journal: 12 known already, 0 new');
  });

  it('is read again by hand while no worker runs, and seen through by the next', async () => {
    await app.stop();
    journalHas(13);
    expect(lastLine(await catchUp('--from-oldest'))).toBe(
      'marketo-io: 13 events in the journal; no worker runs now, so what is new will be acted on later',
    );
    app = await house.start();
    await eventually(() => told().includes(13), { timeoutMs: 30_000 });
    await house.inside.idle();
    expect(told().filter((id) => id === 13)).toEqual([13]);
  });

  it('says which sources have a journal', async () => {
    const { code, errors } = await catchUp('--source', 'crm');
    expect([code, errors]).toEqual([1, 'No source crm has a journal. There are marketo-io.\n']);
  });

  it('asks before it acts, and does nothing when nobody is there to answer', async () => {
    const { code, errors } = await signalman(['catch-up'], house.env);
    expect(code).toBe(1);
    expect(errors).toContain('Say --yes');
  });
});
