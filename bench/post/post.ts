import { webhooks } from './effects.js';
import { House, LANES, WEBHOOK_SECRET } from './house.js';
import {
  type BesideDead,
  type MarketoFigures,
  measureBesideDead,
  measureMarketo,
  measureMixed,
  type Mixed,
} from './other-lanes.js';
import { UndiciAlone } from './undici.js';
import { capacity, type LaneRow, measureLanes } from './webhook-lanes.js';

const WARM_UP = 2_000;

export interface PostFigures {
  readonly one: LaneRow;
  readonly four: LaneRow;
  readonly besideDead: BesideDead;
  readonly marketo: MarketoFigures;
  readonly mixed: Mixed;
}

/** The post alone: effects from the queue to their targets, beside undici alone with the same requests. */
export async function benchPost(): Promise<PostFigures> {
  const house = await House.open();
  const undici = new UndiciAlone();
  try {
    await capacity(house, webhooks({ run: 'warm', count: WARM_UP, to: LANES }));
    await warmUp(undici, house);
    const one = await measureLanes(house, undici, 1);
    const four = await measureLanes(house, undici, LANES.length);
    const marketo = await measureMarketo(house);
    const mixed = await measureMixed(house);
    const besideDead = await measureBesideDead(house, one);
    const twice = house.sinks.reduce((sum, sink) => sum + sink.duplicates, 0);
    if (twice > 0) throw new Error(`${twice} effects arrived twice`);
    return { one, four, besideDead, marketo, mixed };
  } finally {
    await undici.stop();
    await house.close();
  }
}

async function warmUp(undici: UndiciAlone, { sinks }: House): Promise<void> {
  const urls = sinks.map(({ origin }) => `${origin}/`);
  await undici.send({
    run: 'warm, alone',
    count: WARM_UP,
    urls,
    inFlight: LANES.length,
    secret: WEBHOOK_SECRET,
  });
}
