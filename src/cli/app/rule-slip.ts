import type { INestApplicationContext } from '@nestjs/common';
import type { AppConfig } from '../../config/app-config.js';
import { coversRule } from '../../contracts/rule-pattern.js';
import { EffectSearch } from '../../delivery/effect-search.js';
import { EffectsInLanes } from '../../delivery/effects-in-lanes.js';
import { HeldRules } from '../../queues/held-rules.js';
import { unknownRule } from './unknown-rule.js';

/**
 * What to say of the id or pattern of a rule when nothing was found: that no such rule is in force and no effect of it is
 * known. Undefined when it can be meant; a rule that was deleted is one as long as effects of it are known. Needs the rooms
 * of ledger and queues to be open.
 */
export async function ruleSlip(
  rule: string,
  rooms: INestApplicationContext,
  config: AppConfig,
): Promise<string | undefined> {
  const slip = await unknownRule(rule, config);
  if (slip === undefined) return undefined;
  const held = await rooms.get(HeldRules, { strict: false }).list();
  if (held.some(({ ruleId }) => coversRule(rule, ruleId))) return undefined;
  const { queued, retrying } = await rooms.get(EffectsInLanes, { strict: false }).find({ rule }, 1);
  const { entries, cursor } = await rooms.get(EffectSearch, { strict: false }).search({ rule }, 1);
  // A cursor without an entry says that there was too much to go through.
  const isKnown = queued.length + retrying.length + entries.length > 0 || cursor !== undefined;
  return isKnown ? undefined : `${slip} Nothing is known of it either.`;
}
