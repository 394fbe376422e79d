import type { Effect } from '../../src/contracts/effect.js';
import type { Latency } from '../pace.js';
import { arrived, latency, until } from './arrivals.js';
import { listAdditions, mails, slackMessages, webhooks } from './effects.js';
import { DEAD, type House, LANES } from './house.js';
import { halfLoad, type LaneRow } from './webhook-lanes.js';

const WELL = LANES.slice(0, 1);
const BEHIND_DEAD = 2_000;
const LIST = 1_001;
const LIST_EFFECTS = 3_000;
/** Slack takes one message a second. */
const MIXED = { webhook: 4_000, mail: 500, slack: 5, marketo: 900 };

export interface BesideDead {
  readonly well: Latency;
  readonly alone: Latency;
}

/** A lane at half of its load, alone and while effects wait for another one, which answers nothing. */
export async function measureBesideDead(house: House, { signalman }: LaneRow): Promise<BesideDead> {
  const perSecond = signalman.perSecond / 2;
  const count = halfLoad(signalman);
  const alone = await latency(house, webhooks({ run: 'before the dead one', count, to: WELL }), perSecond);
  await house.enqueue(webhooks({ run: 'dead', count: BEHIND_DEAD, to: [DEAD] }));
  const well = await latency(house, webhooks({ run: 'beside the dead one', count, to: WELL }), perSecond);
  return { well, alone };
}

export interface MarketoFigures {
  readonly perSecond: number;
  readonly leadsACall: number;
}

/** Leads that are added to one list. */
export async function measureMarketo(house: House): Promise<MarketoFigures> {
  const { marketo } = house;
  const members = marketo.instance.list(LIST);
  const started = performance.now();
  await house.enqueue(listAdditions({ run: 'list', count: LIST_EFFECTS, to: ['marketo'] }, LIST));
  await until(() => members.size === LIST_EFFECTS);
  const seconds = (performance.now() - started) / 1000;
  const calls = marketo.calls.all().filter(({ operationId }) => operationId === 'addLeadsToList').length;
  return { perSecond: LIST_EFFECTS / seconds, leadsACall: LIST_EFFECTS / calls };
}

/** Effects a second of each kind while all are under way. */
export type Mixed = Readonly<Record<keyof typeof MIXED, number>>;

export async function measureMixed(house: House): Promise<Mixed> {
  const wanted = (kind: keyof Mixed, to: string) => ({ run: 'mixed', count: MIXED[kind], to: [to] });
  const hooks = webhooks(wanted('webhook', WELL[0] ?? ''));
  const members = house.marketo.instance.list(LIST + 1);
  const rate = async (effects: readonly Effect[], ended: () => Promise<void>): Promise<number> => {
    const started = performance.now();
    await house.enqueue(effects);
    await ended();
    return (effects.length * 1000) / (performance.now() - started);
  };
  const [webhook, mail, slack, marketo] = await Promise.all([
    rate(hooks, () => arrived(house, hooks)),
    rate(mails(wanted('mail', 'mail')), () => until(() => house.mail.messages.size >= MIXED.mail)),
    rate(slackMessages(wanted('slack', 'slack')), () =>
      until(() => house.slack.messages.size >= MIXED.slack),
    ),
    rate(listAdditions(wanted('marketo', 'marketo'), LIST + 1), () =>
      until(() => members.size >= MIXED.marketo),
    ),
  ]);
  return { webhook, mail, slack, marketo };
}
