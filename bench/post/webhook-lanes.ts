import type { Effect } from '../../src/contracts/effect.js';
import type { Latency } from '../pace.js';
import { arrived, latency } from './arrivals.js';
import { webhooks } from './effects.js';
import { type House, LANES, WEBHOOK_SECRET } from './house.js';
import type { Asked, UndiciAlone } from './undici.js';

/** The places that a worker has for a webhook, which undici is given too. */
const AT_ONCE = 32;
const COUNT = 10_000;
/** Ours and undici take turns, so that a neighbour of this machine disturbs both; the middle one counts. */
const ROUNDS = 3;
const PACED_SECONDS = 5;

export interface Speed {
  readonly perSecond: number;
  /** Milliseconds of the sending process's processor for each. */
  readonly cpuMs: number;
}

export interface Rate extends Speed {
  readonly latencyMsAtHalfLoad: Latency;
}

/** Effects a second of so many webhook lanes, beside undici alone with the same requests. */
export interface LaneRow {
  readonly lanes: number;
  readonly signalman: Rate;
  readonly undici: { readonly signed: Rate; readonly unsigned: Rate };
}

export async function measureLanes(house: House, undici: UndiciAlone, lanes: number): Promise<LaneRow> {
  const to = LANES.slice(0, lanes);
  const urls = house.sinks.slice(0, lanes).map(({ origin }) => `${origin}/`);
  const asked = { urls, inFlight: AT_ONCE * lanes };
  const speeds: Record<'ours' | 'signed' | 'unsigned', Speed[]> = { ours: [], signed: [], unsigned: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const run = `${lanes} lanes, round ${round}`;
    speeds.ours.push(await capacity(house, webhooks({ run, count: COUNT, to })));
    speeds.signed.push(await undici.send(signed({ ...asked, run: `${run}, signed`, count: COUNT })));
    speeds.unsigned.push(await undici.send({ ...asked, run: `${run}, unsigned`, count: COUNT }));
  }
  const ours = middle(speeds.ours);
  const perSecond = ours.perSecond / 2;
  const half = { ...asked, run: `${lanes} lanes, half`, count: halfLoad(ours), perSecond };
  const effects = webhooks({ ...half, to });
  return {
    lanes,
    signalman: { ...ours, latencyMsAtHalfLoad: await latency(house, effects, perSecond) },
    undici: {
      signed: {
        ...middle(speeds.signed),
        ...(await alone(undici, signed({ ...half, run: `${half.run}, s` }))),
      },
      unsigned: { ...middle(speeds.unsigned), ...(await alone(undici, { ...half, run: `${half.run}, u` })) },
    },
  };
}

/** How many effects a paced run has at half of this speed. */
export function halfLoad({ perSecond }: Speed): number {
  return Math.round((perSecond / 2) * PACED_SECONDS);
}

/** From the queueing of the first effect to the arrival of the last. */
export async function capacity(house: House, effects: readonly Effect[]): Promise<Speed> {
  const before = await house.cpuMs();
  const started = performance.now();
  await Promise.all([house.enqueue(effects), arrived(house, effects)]);
  const perSecond = (effects.length * 1000) / (performance.now() - started);
  return { perSecond, cpuMs: ((await house.cpuMs()) - before) / effects.length };
}

async function alone(undici: UndiciAlone, half: Asked): Promise<Pick<Rate, 'latencyMsAtHalfLoad'>> {
  const { latencyMs = { p50: NaN, p99: NaN } } = await undici.send(half);
  return { latencyMsAtHalfLoad: latencyMs };
}

function signed(asked: Asked): Asked {
  return { ...asked, secret: WEBHOOK_SECRET };
}

function middle(speeds: readonly Speed[]): Speed {
  const [first] = speeds.toSorted((a, b) => a.perSecond - b.perSecond).slice(Math.floor(speeds.length / 2));
  if (first === undefined) throw new Error('nothing was measured');
  return first;
}
