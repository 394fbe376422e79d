import type { Effect } from '../../src/contracts/effect.js';
import { type Latency, paced, quantiles } from '../pace.js';
import type { Sink } from '../line/sink.js';
import { listAdditions, mails, slackMessages, webhooks } from './effects.js';
import { DEAD, House, LANES, WEBHOOK_SECRET } from './house.js';
import { UndiciAlone } from './undici.js';

/** Attempts under way at once in a lane, which undici is given too. */
const AT_ONCE = 32;
const WARM_UP = 2_000;
const COUNT = 10_000;
const PACED_SECONDS = 5;
/** Ours and undici take turns, so that a neighbour of this machine disturbs both; the middle one counts. */
const ROUNDS = 3;
const BEHIND_DEAD = 2_000;
const LIST = 1_001;
const LIST_EFFECTS = 3_000;
const MIXED = { webhook: 4_000, mail: 500, slack: 5, marketo: 900 };
const POLL_MS = 5;
const PATIENCE_MS = 180_000;

export interface Rate {
  readonly perSecond: number;
  readonly latencyMsAtHalfLoad: Latency;
}

/** Effects a second of so many webhook lanes, beside undici alone with the same requests. */
export interface LaneRow {
  readonly lanes: number;
  readonly signalman: Rate;
  readonly undici: { readonly signed: Rate; readonly unsigned: Rate };
}

export interface PostFigures {
  readonly rows: readonly LaneRow[];
  /** Of a well lane, at half of its load, while another one answers nothing and effects wait for it. */
  readonly besideDead: { readonly well: Latency; readonly alone: Latency };
  readonly marketo: { readonly perSecond: number; readonly recordsACall: number };
  /** Effects a second of each kind while all are under way. */
  readonly mixed: Readonly<Record<keyof typeof MIXED, number>>;
}

/** The post alone: effects from the queue to their targets, beside undici alone with the same requests. */
export async function benchPost(): Promise<PostFigures> {
  const house = await House.open();
  const undici = new UndiciAlone();
  const app = await house.startApp();
  try {
    await capacity(house, webhooks({ run: 'warm', count: WARM_UP, to: LANES }));
    const rows: LaneRow[] = [];
    for (const lanes of [1, LANES.length]) rows.push(await measureLanes(house, undici, lanes));
    const marketo = await measureMarketo(house);
    const mixed = await measureMixed(house);
    const besideDead = await measureBesideDead(house, rows[0] as LaneRow);
    const twice = house.sinks.reduce((sum, sink) => sum + sink.duplicates, 0);
    if (twice > 0) throw new Error(`${twice} effects arrived twice`);
    return { rows, besideDead, marketo, mixed };
  } finally {
    await app.stop();
    await undici.stop();
    await house.close();
  }
}

async function measureLanes(house: House, undici: UndiciAlone, lanes: number): Promise<LaneRow> {
  const names = LANES.slice(0, lanes);
  const urls = house.sinks.slice(0, lanes).map(({ origin }) => `${origin}/`);
  const rates: Record<'ours' | 'signed' | 'unsigned', number[]> = { ours: [], signed: [], unsigned: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const run = `${lanes} lanes, round ${round}`;
    rates.ours.push(await capacity(house, webhooks({ run, count: COUNT, to: names })));
    const asked = { count: COUNT, urls, inFlight: AT_ONCE * lanes };
    rates.signed.push((await undici.send({ ...asked, run: `${run} s`, secret: WEBHOOK_SECRET })).perSecond);
    rates.unsigned.push((await undici.send({ ...asked, run: `${run} u` })).perSecond);
  }
  const half = median(rates.ours) / 2;
  const count = Math.round(half * PACED_SECONDS);
  const effects = webhooks({ run: `${lanes} lanes, paced`, count, to: names });
  const ours = await latency(house, effects, half);
  const asked = { count, urls, inFlight: AT_ONCE * lanes, perSecond: half };
  const signed = await undici.send({ ...asked, run: `${lanes} paced s`, secret: WEBHOOK_SECRET });
  const unsigned = await undici.send({ ...asked, run: `${lanes} paced u` });
  const none = { p50: NaN, p99: NaN };
  return {
    lanes,
    signalman: { perSecond: median(rates.ours), latencyMsAtHalfLoad: ours },
    undici: {
      signed: { perSecond: median(rates.signed), latencyMsAtHalfLoad: signed.latencyMs ?? none },
      unsigned: { perSecond: median(rates.unsigned), latencyMsAtHalfLoad: unsigned.latencyMs ?? none },
    },
  };
}

/** Effects a second from the queueing of the first to the arrival of the last. */
async function capacity(house: House, effects: readonly Effect[]): Promise<number> {
  const started = performance.now();
  await Promise.all([house.enqueue(effects), arrived(house.sinks, effects)]);
  return (effects.length * 1000) / (performance.now() - started);
}

/** From the queueing of each effect to its answer by the sink, at a rate that does not wait for it. */
async function latency(house: House, effects: readonly Effect[], perSecond: number): Promise<Latency> {
  const queued = new Map<string, number>();
  await paced(effects, perSecond, async (effect, due) => {
    queued.set(effect.id, due);
    await house.enqueue([effect]);
  });
  await arrived(house.sinks, effects);
  const arrival = (id: string): number =>
    house.sinks.map((sink) => sink.arrivals.get(id)).find((at) => at !== undefined) ?? Infinity;
  return quantiles([...queued].map(([id, at]) => arrival(id) - at));
}

async function measureMarketo(house: House): Promise<PostFigures['marketo']> {
  const { marketo } = house;
  const members = marketo.instance.list(LIST);
  const started = performance.now();
  await house.enqueue(listAdditions({ run: 'list', count: LIST_EFFECTS, to: ['marketo'] }, LIST));
  await until(() => members.size === LIST_EFFECTS);
  const seconds = (performance.now() - started) / 1000;
  const calls = marketo.calls.all().filter(({ operationId }) => operationId === 'addLeadsToList').length;
  return { perSecond: LIST_EFFECTS / seconds, recordsACall: LIST_EFFECTS / calls };
}

async function measureMixed(house: House): Promise<PostFigures['mixed']> {
  const hooks = webhooks({ run: 'mixed', count: MIXED.webhook, to: LANES.slice(0, 1) });
  const members = house.marketo.instance.list(LIST + 1);
  const kinds = {
    webhook: { effects: hooks, ended: () => arrived(house.sinks, hooks) },
    mail: {
      effects: mails({ run: 'mixed', count: MIXED.mail, to: ['mail'] }),
      ended: () => until(() => house.mail.messages.size >= MIXED.mail),
    },
    slack: {
      effects: slackMessages({ run: 'mixed', count: MIXED.slack, to: ['slack'] }),
      ended: () => until(() => house.slack.messages.size >= MIXED.slack),
    },
    marketo: {
      effects: listAdditions({ run: 'mixed', count: MIXED.marketo, to: ['marketo'] }, LIST + 1),
      ended: () => until(() => members.size >= MIXED.marketo),
    },
  };
  const started = performance.now();
  const rates = Object.entries(kinds).map(async ([kind, { effects, ended }]) => {
    await house.enqueue(effects);
    await ended();
    return [kind, (effects.length * 1000) / (performance.now() - started)] as const;
  });
  return Object.fromEntries(await Promise.all(rates)) as PostFigures['mixed'];
}

async function measureBesideDead(house: House, { signalman }: LaneRow): Promise<PostFigures['besideDead']> {
  const half = signalman.perSecond / 2;
  const effects = (run: string): Effect[] =>
    webhooks({ run, count: Math.round(half * PACED_SECONDS), to: LANES.slice(0, 1) });
  const alone = await latency(house, effects('before the dead one'), half);
  await house.enqueue(webhooks({ run: 'dead', count: BEHIND_DEAD, to: [DEAD] }));
  const well = await latency(house, effects('beside the dead one'), half);
  return { well, alone };
}

async function arrived(sinks: readonly Sink[], effects: readonly Effect[]): Promise<void> {
  const missing = new Set(effects.map(({ id }) => id));
  await until(() => {
    for (const id of missing) {
      if (!sinks.some((sink) => sink.arrivals.has(id))) return false;
      missing.delete(id);
    }
    return true;
  });
}

async function until(met: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!met()) {
    if (performance.now() > end) throw new Error(`the effects did not arrive within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
