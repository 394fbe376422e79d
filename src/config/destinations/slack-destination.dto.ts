import { IsOptional, Matches, ValidateIf } from 'class-validator';
import { Kind, Origin } from '../member-checks.js';
import type { Shape } from '../shape.js';
import { LaneDto } from './lane.dto.js';

// A message completes the sentence "give …".

/** By webhook, or by bot token and channel. */
export class SlackDestinationDto {
  static readonly nested: Readonly<Record<string, Shape>> = { lane: LaneDto };

  @Kind('slack') kind!: 'slack';

  @IsOptional()
  @Matches(/^https?:\/\/\S+$/, { message: 'the URL of the incoming webhook' })
  webhookUrl?: string;

  @ValidateIf((slack: SlackDestinationDto) => slack.webhookUrl === undefined)
  @Matches(/\S/, { message: 'a bot token with a channel, or a webhookUrl' })
  botToken?: string;

  @ValidateIf((slack: SlackDestinationDto) => slack.botToken !== undefined || slack.channel !== undefined)
  @Matches(/\S/, { message: 'the channel that the bot writes to, by its id or name' })
  channel?: string;

  @Origin() apiOrigin = 'https://slack.com';
  @IsOptional() lane?: object;
}
