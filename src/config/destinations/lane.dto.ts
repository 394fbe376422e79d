import { IsOptional, ValidateIf } from 'class-validator';
import { checked } from '../custom-check.js';
import { paceOf } from '../lane-settings.js';
import { WholeNumber } from '../member-checks.js';

// A message completes the sentence "give …".

/** How much a destination is sent, over all processes. */
export class LaneDto {
  @ValidateIf(({ rate, burst }: LaneDto) => rate !== undefined || burst !== undefined)
  @checked(
    'rate',
    (text) => paceOf(text) !== undefined,
    () => 'how often it may be sent to, such as "50/s", "100/20s" or "1000/h"',
  )
  rate?: string;

  @IsOptional()
  @WholeNumber(1, 'how many may be sent at once after a pause, such as 10')
  burst?: number;

  @IsOptional()
  @WholeNumber(1, 'how many may be under way at once, such as 4')
  atOnce?: number;
}
