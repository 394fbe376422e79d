import { IsOptional, Matches } from 'class-validator';
import { checked } from '../config/custom-check.js';
import { parseInstant } from '../contracts/instant.js';
import { KEY_SOURCE, KEY_SOURCE_FORM } from '../access/new-key.js';

const Time = (): PropertyDecorator =>
  checked(
    'time',
    (text) => parseInstant(text) !== undefined,
    () => 'a time such as 2026-11-24T10:00:00Z',
  );

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
