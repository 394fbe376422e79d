import { IsISO8601, IsOptional, Matches } from 'class-validator';
import { KEY_SOURCE, KEY_SOURCE_FORM } from '../access/new-key.js';

const TIME = { message: 'a time such as 2026-11-24T10:00:00Z' };

/** `?from=&to=&source=`: the hours that both times lie in; the last 24 unless given. */
export class CompletenessQuery {
  @IsOptional()
  @IsISO8601({ strict: true }, TIME)
  from?: string;

  @IsOptional()
  @IsISO8601({ strict: true }, TIME)
  to?: string;

  @IsOptional()
  @Matches(KEY_SOURCE, { message: KEY_SOURCE_FORM })
  source?: string;
}
