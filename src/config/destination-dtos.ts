import { ArrayNotEmpty, IsOptional, Matches, ValidateIf } from 'class-validator';
import { Kind, MunchkinId, Origin, Text, TrueOrFalse, WHSEC } from './member-checks.js';

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

export class MarketoDestinationDto {
  @Kind('marketo') kind!: 'marketo';
  @MunchkinId() munchkinId!: string;

  @IsOptional()
  @Origin()
  origin?: string;

  @Text() clientId!: string;
  @Text() clientSecret!: string;
}

export const DESTINATION_DTOS = {
  slack: SlackDestinationDto,
  email: EmailDestinationDto,
  webhook: WebhookDestinationDto,
  marketo: MarketoDestinationDto,
} as const;
