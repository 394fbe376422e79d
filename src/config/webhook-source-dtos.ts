import { ArrayNotEmpty, IsIn, IsObject, IsOptional, Matches } from 'class-validator';
import {
  BodyPath,
  ExpectEvery,
  HeaderName,
  Kind,
  SecretList,
  SignedText,
  TemplateText,
  TrueOrFalse,
  TypeTemplate,
  WHSEC,
} from './member-checks.js';
import type { Shape } from './shape.js';

const ALGORITHMS = ['sha1', 'sha256', 'sha512'] as const;
const ENCODINGS = ['hex', 'base64'] as const;

export class StandardWebhooksCheckDto {
  @Kind('standard-webhooks') scheme!: 'standard-webhooks';

  @ArrayNotEmpty({ message: 'a list of Standard Webhooks secrets, such as [{ "env": "THE_VARIABLE" }]' })
  @Matches(WHSEC, {
    each: true,
    message: 'a list of Standard Webhooks secrets: each is whsec_ and at least 24 random bytes as base64',
  })
  secrets!: string[];
}

export class HmacCheckDto {
  @Kind('hmac') scheme!: 'hmac';
  @SecretList('secrets that the sender signs with') secrets!: string[];
  @HeaderName('the signature') header!: string;
  @IsIn(ALGORITHMS, { message: `one of ${ALGORITHMS.join(', ')}` }) algorithm = 'sha256';
  @IsIn(ENCODINGS, { message: `one of ${ENCODINGS.join(', ')}` }) encoding = 'hex';

  @Matches(/^[^\r\n]*$/, { message: 'what stands before the signature in the header, such as "sha256="' })
  prefix = '';

  @SignedText() signed = '{body}';
  @IsOptional() @HeaderName('the time of sending in epoch seconds') timestampHeader?: string;
}

export class SharedSecretCheckDto {
  @Kind('shared-secret') scheme!: 'shared-secret';
  @HeaderName('the secret') header!: string;
  @SecretList('secrets, one of which the sender sends') secrets!: string[];
}

export class EventMappingDto {
  @IsOptional() @TemplateText() id?: string;
  @TypeTemplate() type!: string;
  @IsOptional() @TemplateText() source?: string;
  @IsOptional() @TemplateText() subject?: string;
  @IsOptional() @TemplateText() time?: string;
  @IsOptional() @BodyPath() data?: string;
}

export class WebhookSourceDto {
  static readonly nested: Readonly<Record<string, Shape>> = {
    verify: {
      namedBy: 'scheme',
      of: {
        'standard-webhooks': StandardWebhooksCheckDto,
        hmac: HmacCheckDto,
        'shared-secret': SharedSecretCheckDto,
      },
    },
    event: EventMappingDto,
  };

  @Kind('webhook') kind!: 'webhook';
  @IsOptional() verify?: object;
  @IsOptional() @TrueOrFalse() insecure?: boolean;

  @IsObject({
    message: 'an object that makes an event of the body, such as { "type": "com.acme.shop.{$.event}" }',
  })
  event!: object;

  @ExpectEvery() expectEvery?: string;
}
