import { IsOptional, Matches } from 'class-validator';
import { KEY_SOURCE, KEY_SOURCE_FORM } from '../access/new-key.js';
import { Time } from './time-check.js';

/** `?from=&to=&source=`: the hours that both times lie in; the last 24 unless given. */
export class CompletenessQuery {
  @IsOptional()
  @Time()
  from?: string;

  @IsOptional()
  @Time()
  to?: string;

  @IsOptional()
  @Matches(KEY_SOURCE, { message: KEY_SOURCE_FORM })
  source?: string;
}
