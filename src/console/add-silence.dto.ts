import { Type } from 'class-transformer';
import { IsObject, IsString, ValidateIf, ValidateNested } from 'class-validator';
import { all, checked } from '../config/custom-check.js';
import { parseDuration } from '../contracts/duration.js';
import type { RecurringWindow, SilencedEvents } from '../contracts/silence.js';
import type { NewSilence } from '../state/new-silence.js';

/** Null is not the same as nothing. */
const IfGiven = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);

const Text = (message: string): PropertyDecorator => IsString({ message });

/** A part of the body with members of its own. */
const Part = (shape: new () => object, message: string): PropertyDecorator =>
  all(
    Type(() => shape),
    ValidateNested({ message }),
    IsObject({ message }),
  );

class SilencedEventsDto implements SilencedEvents {
  @IfGiven() @Text('the id of a lead as a text') leadId?: string;
  @IfGiven() @Text('the id of an instance such as 123-ABC-456') munchkinId?: string;
  @IfGiven() @Text('an event type such as marketo.activity.newlead') type?: string;
}

class RecurringWindowDto {
  @Text('minute, hour, day of month, month and weekday, such as "0 22 * * 6"') cron!: string;

  @checked('duration', (text) => parseDuration(text) !== undefined, () => 'a duration such as 2h')
  for!: string;

  @Text('a time zone such as Europe/Berlin') timeZone!: string;
}

/** Body of `POST /api/v1/silences`. What its texts may say is checked where silences are kept. */
export class AddSilenceDto {
  @Text('the id of a rule, or a pattern such as leads/*') rules!: string;

  @IfGiven()
  @Part(SilencedEventsDto, 'an object with leadId, munchkinId or type')
  where?: SilencedEventsDto;

  @IfGiven() @Text('who answers for it') owner?: string;
  @Text('a reason') reason!: string;
  @IfGiven() @Text('a time such as 2026-11-24T10:00:00Z') from?: string;
  @Text('a time such as 2026-11-24T10:00:00Z') until!: string;

  @IfGiven()
  @Part(RecurringWindowDto, 'an object with cron, for and timeZone')
  every?: RecurringWindowDto;
}

/** What is asked for in the body. `maker`: who asks; he answers for the silence unless it says who does. */
export function newSilence(
  { rules, where, owner, reason, from, until, every }: AddSilenceDto,
  maker: { readonly id: string; readonly name: string },
): NewSilence {
  return {
    rules,
    ...(where === undefined ? {} : { where }),
    owner: owner ?? maker.name,
    reason,
    ...(from === undefined ? {} : { from }),
    until,
    ...(every === undefined ? {} : { every: windowOf(every) }),
    createdBy: maker.id,
  };
}

function windowOf({ cron, for: length, timeZone }: RecurringWindowDto): RecurringWindow {
  return { cron, forMs: parseDuration(length) ?? 0, timeZone };
}
