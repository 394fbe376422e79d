import type { AdobeJournal } from './adobe-journal.js';
import type { AdobeKeyServer } from './adobe-key-server.js';
import type { MarketoStandIn } from './marketo-stand-in.js';
import type { SlackStandIn } from './slack-stand-in.js';
import type { SmtpStandIn } from './smtp-stand-in.js';
import type { WebhookReceiver } from './webhook-receiver.js';

/** The servers that stand in for others. */
export interface SandboxParts {
  readonly slack: SlackStandIn;
  readonly mail: SmtpStandIn;
  readonly receiver: WebhookReceiver;
  readonly marketo: MarketoStandIn;
  /** Serves the public keys of Adobe's sender. */
  readonly adobeKeys: AdobeKeyServer;
  /** What Adobe keeps for the registration, and what it knows of it. */
  readonly adobeJournal: AdobeJournal;
}
