import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

const MOST = 1_000;
const FORM = { message: `a whole number from 1 to ${MOST}` };

/** `?first=`: only so many, the first ones. */
export class FirstQuery {
  @Transform(({ value }) => (/^\d{1,6}$/.test(String(value)) ? Number(value) : (value as unknown)))
  @IsOptional()
  @IsInt(FORM)
  @Min(1, FORM)
  @Max(MOST, FORM)
  first?: number;
}
