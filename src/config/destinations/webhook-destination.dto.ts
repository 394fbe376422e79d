import { ArrayMaxSize, ArrayNotEmpty, IsIn, IsOptional, Matches } from 'class-validator';
import { checked } from '../custom-check.js';
import { Kind, TrueOrFalse, WHSEC } from '../member-checks.js';
import type { Shape } from '../shape.js';
import { ClientTlsDto } from './client-tls.dto.js';
import { LaneDto } from './lane.dto.js';
import { webhookHeaders } from './webhook-headers.js';

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** More than a change of secrets takes; every one of them signs every request. */
const MOST_SECRETS = 5;

// A message completes the sentence "give …".

export class WebhookDestinationDto {
  static readonly nested: Readonly<Record<string, Shape>> = {
    headers: { freeNames: webhookHeaders },
    tls: ClientTlsDto,
    lane: LaneDto,
  };

  @Kind('webhook') kind!: 'webhook';

  @checked(
    'webhookUrl',
    isUrl,
    () => 'a URL such as https://hooks.acme.example/signalman, without user and password',
  )
  url!: string;

  @IsIn(METHODS, { message: `one of ${METHODS.join(', ')}` }) method: (typeof METHODS)[number] = 'POST';

  @IsOptional()
  @Matches(WHSEC, {
    message: 'a Standard Webhooks secret: whsec_ and at least 24 random bytes as base64',
  })
  secret?: string;

  @IsOptional()
  @ArrayNotEmpty({ message: 'a list of Standard Webhooks secrets, such as [{ "env": "THE_VARIABLE" }]' })
  @ArrayMaxSize(MOST_SECRETS, { message: `${MOST_SECRETS} secrets at most` })
  @Matches(WHSEC, {
    each: true,
    message: 'a list of Standard Webhooks secrets: each is whsec_ and at least 24 random bytes as base64',
  })
  secrets?: string[];

  @IsOptional() headers?: object;
  @IsOptional() tls?: object;
  @IsOptional() lane?: object;

  @TrueOrFalse() allowPrivateAddresses = false;
}

function isUrl(text: string): boolean {
  if (!URL.canParse(text) || !/^https?:\/\/[^\s/]+/.test(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
