import { IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import { checked } from '../config/custom-check.js';
import { parseInstant } from '../contracts/instant.js';
import { type EffectFilter, LEAD_NAME } from '../delivery/effect-filter.js';
import { isCursor } from '../delivery/effect-search.js';
import { OUTCOMES } from '../delivery/ledger-entry.js';
import { LimitQuery } from './limit.query.js';
import { Time } from './time-check.js';

const LONGEST = 500;
const SHORT = { message: `at most ${LONGEST} characters` };

/** `?rule=&to=&event=&lead=&outcome=&since=&until=&text=&limit=&cursor=`: which effects. */
export class EffectsQuery extends LimitQuery {
  /** `*` stands for anything. */
  @IsOptional()
  @MaxLength(LONGEST, SHORT)
  rule?: string;

  @IsOptional()
  @MaxLength(LONGEST, SHORT)
  to?: string;

  @IsOptional()
  @MaxLength(LONGEST, SHORT)
  event?: string;

  @IsOptional()
  @Matches(LEAD_NAME, { message: 'the id of a lead, such as 5001 or 123-ABC-456/5001' })
  lead?: string;

  @IsOptional()
  @IsIn(OUTCOMES, { message: `one of ${OUTCOMES.join(', ')}` })
  outcome?: (typeof OUTCOMES)[number];

  @IsOptional()
  @Time()
  since?: string;

  @IsOptional()
  @Time()
  until?: string;

  @IsOptional()
  @MaxLength(LONGEST, SHORT)
  text?: string;

  @IsOptional()
  @checked('cursor', isCursor, () => 'the cursor of an earlier answer')
  cursor?: string;
}

export function filterOf({ rule, to, event, lead, outcome, since, until, text }: EffectsQuery): EffectFilter {
  return {
    ...(rule === undefined ? {} : { rule }),
    ...(to === undefined ? {} : { to }),
    ...(event === undefined ? {} : { event }),
    ...(lead === undefined ? {} : { lead }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(text === undefined ? {} : { text }),
    ...instant('since', since),
    ...instant('until', until),
  };
}

function instant(name: 'since' | 'until', time: string | undefined): Pick<EffectFilter, 'since' | 'until'> {
  const at = time === undefined ? undefined : parseInstant(time);
  return at === undefined ? {} : { [name]: at };
}
