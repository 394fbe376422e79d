import { ArrayNotEmpty, IsOptional, Matches, ValidateIf } from 'class-validator';
import {
  Kind,
  MunchkinId,
  Origin,
  Text,
  TrueOrFalse,
  UsagePoll,
  WholeNumber,
  WHSEC,
} from './member-checks.js';
import type { Shape } from './shape.js';

const ADDRESS = /^(?:[^<>]*<)?[^\s@<>]+@[^\s@<>]+>?$/;

// A message completes the sentence "give …".

/** By webhook, or by bot token and channel. */
export class SlackDestinationDto {
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
}

export class EmailDestinationDto {
  @Kind('email') kind!: 'email';

  @Matches(/^smtps?:\/\/\S+$/, { message: 'a URL such as smtp://user:password@host:587 or smtps://…' })
  smtpUrl!: string;

  @Matches(ADDRESS, { message: 'a mail address such as "Signalman <signalman@acme.example>"' })
  from!: string;

  @Matches(ADDRESS, { each: true, message: 'a list of mail addresses' })
  @ArrayNotEmpty({ message: 'a list of at least one mail address' })
  to!: string[];
}

export class WebhookDestinationDto {
  @Kind('webhook') kind!: 'webhook';

  @Matches(/^https?:\/\/[^\s/]+/, { message: 'a URL such as https://hooks.acme.example/signalman' })
  url!: string;

  @Matches(WHSEC, {
    message: 'a Standard Webhooks secret: whsec_ and at least 24 random bytes as base64',
  })
  secret!: string;

  @TrueOrFalse() allowPrivateAddresses = false;
}

export class LookUpsDto {
  @WholeNumber(0, 'how many calls a day looking leads up may take, such as 5000; 0 for none') perDay!: number;
}

export class MarketoDestinationDto {
  static readonly nested: Readonly<Record<string, Shape>> = { lookUps: LookUpsDto };

  @Kind('marketo') kind!: 'marketo';
  @MunchkinId() munchkinId!: string;

  @IsOptional()
  @Origin()
  origin?: string;

  @Text() clientId!: string;
  @Text() clientSecret!: string;
  @IsOptional() lookUps?: object;

  @IsOptional()
  @WholeNumber(1, 'how many API calls a day the subscription has, such as 50000')
  dailyCalls?: number;

  @UsagePoll() usagePoll?: string;
}

export const DESTINATION_DTOS = {
  slack: SlackDestinationDto,
  email: EmailDestinationDto,
  webhook: WebhookDestinationDto,
  marketo: MarketoDestinationDto,
} as const;
