import { Matches } from 'class-validator';
import { Kind, TrueOrFalse, WHSEC } from '../member-checks.js';

// A message completes the sentence "give …".

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
