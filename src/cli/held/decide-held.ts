import type { INestApplicationContext } from '@nestjs/common';
import { counted, whole } from '../../contracts/counted.js';
import type { HeldDecision, HeldRule } from '../../contracts/held.js';
import { HeldKeeper } from '../../delivery/held-keeper.js';
import { HeldDecisions, type HeldWish } from '../../queues/held-decisions.js';
import { HeldEffects } from '../../queues/held-effects.js';
import { MOST_FIRST } from '../../queues/held-rules.js';
import { audit, commandLineUser } from '../app/audit.js';
import { type Ask, confirm } from '../terminal/ask.js';
import type { Terminal } from '../terminal/terminal.js';

export interface DecideOptions {
  readonly first?: number;
  readonly yes?: boolean;
}

export const DONE = { release: 'released', discard: 'discarded' } as const;

/** Asks, with how many effects it would be. Where none is held by now there is nothing to ask: the rule is let go. */
export async function mayDecide(
  rooms: INestApplicationContext,
  { rule, decision, first }: DecideOptions & Pick<HeldDecision, 'decision'> & { readonly rule: HeldRule },
  ask: Ask,
): Promise<boolean> {
  const { effects, leads } = await rooms.get(HeldEffects, { strict: false }).counts(rule.id);
  if (effects === 0) return true;
  const all = `${counted(effects, 'effect')} for ${counted(leads, 'lead')}`;
  const what =
    first === undefined ? all : `the first ${whole(Math.min(first, effects, MOST_FIRST))} of ${all}`;
  return await confirm(`${decision === 'release' ? 'Send' : 'Throw away'} ${what}?`, ask);
}

/** Decides, sees it through, and says how many effects it was about. */
export async function decide(
  rooms: INestApplicationContext,
  wish: Omit<HeldWish, 'by'>,
  { print }: Terminal,
): Promise<void> {
  const decisions = rooms.get(HeldDecisions, { strict: false });
  const decided = await decisions.decide({ ...wish, by: commandLineUser() }, (line) => audit(rooms, line));
  await rooms.get(HeldKeeper, { strict: false }).seeThrough(decided);
  // Workers may have seen some of it through, so what counts is what was decided about.
  const rule = wish.first === undefined ? 'may act again' : 'is still held';
  print(`${counted(decided.effects, 'effect')} ${DONE[wish.decision]}: ${wish.ruleId} ${rule}.`);
}
