import { Matches, MaxLength } from 'class-validator';

const MOST = 500;

/** Why a lane is paused. */
export class PauseLaneDto {
  @MaxLength(MOST, { message: `a reason of ${MOST} characters at most` })
  @Matches(/\S/, { message: 'a reason for others' })
  reason!: string;
}
