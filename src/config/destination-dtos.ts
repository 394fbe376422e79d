import { EmailDestinationDto } from './destinations/email-destination.dto.js';
import { MarketoDestinationDto } from './destinations/marketo-destination.dto.js';
import { SlackDestinationDto } from './destinations/slack-destination.dto.js';
import { WebhookDestinationDto } from './destinations/webhook-destination.dto.js';

/** The class of each kind of destination in the connections file. */
export const DESTINATION_DTOS = {
  slack: SlackDestinationDto,
  email: EmailDestinationDto,
  webhook: WebhookDestinationDto,
  marketo: MarketoDestinationDto,
} as const;
