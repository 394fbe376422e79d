import { IsOptional, Matches } from 'class-validator';
import { LimitQuery } from './limit.query.js';

const CURSOR = { message: 'the cursor of an earlier answer' };

/** `?limit=&cursor=`: which of the rules that are held. */
export class HeldQuery extends LimitQuery {
  @IsOptional()
  @Matches(/^\d{16}-.{1,500}$/, CURSOR)
  cursor?: string;
}

/** `?limit=&cursor=`: which of the leads for whom a rule is held. */
export class HeldLeadsQuery extends LimitQuery {
  @IsOptional()
  @Matches(/^\d{1,16}$/, CURSOR)
  cursor?: string;
}
