import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const FORM = { message: 'a whole number from 1 to 1000' };

/** `?limit=`: how many at most. */
export class LimitQuery {
  @Transform(({ value }) => (/^\d{1,6}$/.test(String(value)) ? Number(value) : (value as unknown)))
  @IsInt(FORM)
  @Min(1, FORM)
  @Max(1_000, FORM)
  limit = 100;
}
