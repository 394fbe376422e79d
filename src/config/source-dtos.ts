import { ArrayNotEmpty, IsIn, IsOptional, Matches } from 'class-validator';
import { ExpectEvery, Kind, MunchkinIds, Origin, SecureUrl, Text, TrueOrFalse } from './member-checks.js';
import type { Shape } from './shape.js';
import { WebhookSourceDto } from './webhook-source-dtos.js';

export class ImsCredentialsDto {
  @Matches(/^[^\s@]+@AdobeOrg$/, {
    message: 'the organisation id of the Adobe Developer Console: …@AdobeOrg',
  })
  orgId!: string;

  @Text() clientSecret!: string;

  @Matches(/\S/, { message: 'the scopes of the credential, separated by commas as the console shows them' })
  scope!: string;

  @SecureUrl("the URL of Adobe's token service") tokenUrl = 'https://ims-na1.adobelogin.com/ims/token/v3';
}

export class AdobeJournalDto {
  @SecureUrl('the URL of the journal as the console shows it') url!: string;

  @IsIn(['latest', 'oldest'], {
    message: '"latest" to begin with what comes from now on, or "oldest" to begin with the last seven days',
  })
  startAt: 'latest' | 'oldest' = 'latest';
}

export class AdobeSourceDto {
  static readonly nested: Readonly<Record<string, Shape>> = {
    ims: ImsCredentialsDto,
    journal: AdobeJournalDto,
  };

  @Kind('adobe') kind!: 'adobe';
  @Text() clientId!: string;
  @Origin() keyOrigin = 'https://static.adobeioevents.com';
  @Origin() validationOrigin = 'https://csm.adobe.io';
  @IsOptional() @TrueOrFalse() webhook?: boolean;
  @MunchkinIds() munchkinIds?: string[];
  @IsOptional() ims?: object;
  @IsOptional() journal?: object;

  @IsOptional()
  @SecureUrl("the URL of the registration in Adobe's Registration API")
  registrationUrl?: string;

  @ExpectEvery() expectEvery?: string;
}

export class JwtCheckDto {
  @SecureUrl("the URL of the identity provider's public keys (JWKS)") jwksUrl!: string;
  @Text() issuer!: string;
  @Text() audience!: string;
}

export class IntrospectionCheckDto {
  @SecureUrl('the URL where the identity provider judges a token (RFC 7662)') introspectionUrl!: string;
  @Text() clientId!: string;
  @Text() clientSecret!: string;
  @IsOptional() @Text() audience?: string;
}

export class MarketoPushSourceDto {
  static readonly nested: Readonly<Record<string, Shape>> = {
    oauth: { toldBy: { jwksUrl: JwtCheckDto, introspectionUrl: IntrospectionCheckDto } },
  };

  @Kind('marketo') kind!: 'marketo';
  @IsOptional() @Text() token?: string;
  @IsOptional() oauth?: object;
  @IsOptional() @TrueOrFalse() insecure?: boolean;
  @MunchkinIds() munchkinIds?: string[];
  @ExpectEvery() expectEvery?: string;
}

export class EventsSourceDto {
  @Kind('events') kind!: 'events';
  @IsOptional() @Text() apiKey?: string;
  @IsOptional() @TrueOrFalse() insecure?: boolean;

  @IsOptional()
  @ArrayNotEmpty({ message: 'at least one CloudEvents source, or leave it out to take all' })
  @Matches(/^(?:[^*]+\*?|\*)$/, {
    each: true,
    message: 'a list of CloudEvents sources such as ["/crm/*"], with a "*" only at the end',
  })
  allowedSources?: string[];

  @ExpectEvery() expectEvery?: string;
}

export const SOURCE_DTOS = {
  adobe: AdobeSourceDto,
  marketo: MarketoPushSourceDto,
  events: EventsSourceDto,
  webhook: WebhookSourceDto,
} as const;
