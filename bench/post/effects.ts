import { effectId } from '../../src/contracts/effect-id.js';
import type { Effect } from '../../src/contracts/effect.js';
import type { JsonObject } from '../../src/contracts/json.js';

/** As long as the event of a lead activity with its rule, which is what a webhook carries unless told otherwise. */
const FILLING = 'A lead activity with what it tells of the lead. '.repeat(18);
const NOW = new Date();

/** So many effects, to each of the destinations in turn. `run` tells them from those of other runs. */
export interface Wanted {
  readonly run: string;
  readonly count: number;
  readonly to: readonly string[];
}

function effects(
  type: string,
  { run, count, to }: Wanted,
  paramsOf: (id: string, n: number) => JsonObject,
): Effect[] {
  const decidedAt = NOW.toISOString();
  return Array.from({ length: count }, (_, n) => {
    const id = effectId(type, `${run} ${n}`, 0);
    const name = to[n % to.length] ?? '';
    return {
      v: 1,
      id,
      type,
      to: name,
      params: { to: name, ...paramsOf(id, n) },
      guarantee: 'at-least-once',
      ruleId: 'bench',
      ruleVersion: 'bench0000000',
      eventId: `123-ABC-456:${run}-${n}`,
      actionIndex: 0,
      origin: { hour: decidedAt.slice(0, 13), source: 'bench', stream: 'lead-activity' },
      decidedAt,
    };
  });
}

/** The body names the effect, so that the sink knows which one it was. */
export function webhooks(wanted: Wanted): Effect[] {
  return effects('webhook', wanted, (id, n) => ({ body: webhookBody(id, n) }));
}

export function listAdditions(wanted: Wanted, list: number): Effect[] {
  return effects('marketo.addToList', wanted, (_id, n) => ({ list, lead: n + 1 }));
}

export function slackMessages(wanted: Wanted): Effect[] {
  return effects('slack', wanted, (_id, n) => ({ text: `Lead ${n}` }));
}

export function mails(wanted: Wanted): Effect[] {
  return effects('email', wanted, (_id, n) => ({ subject: `Lead ${n}`, text: FILLING }));
}

function webhookBody(id: string, n: number): JsonObject {
  return { id, type: 'marketo.activity.visitwebpage', data: { leadId: n, text: FILLING } };
}
