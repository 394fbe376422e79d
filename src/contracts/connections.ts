/**
 * The connections file after its secrets were resolved and its defaults filled in. config/ reads and checks it;
 * the sandbox makes one of its own.
 */
export interface Connections {
  /** Who may send, by the name in the URL: `/ingest/adobe/<name>`. */
  readonly sources: Readonly<Record<string, SourceConnection>>;
  /** Where effects go, by the name that rules give in `to`. */
  readonly destinations: Readonly<Record<string, Destination>>;
}

export interface AdobeSource {
  readonly kind: 'adobe';
  /** The client id of our credential in Adobe's console: every event must name it as its recipient. */
  readonly clientId: string;
  /** Where Adobe's public keys are fetched. The one allowed host. */
  readonly keyOrigin: string;
}

export interface MarketoPushSource {
  readonly kind: 'marketo';
  /** The API token that Marketo sends in `Authorization`. */
  readonly token: string;
}

export interface EventsSource {
  readonly kind: 'events';
  readonly apiKey: string;
}

export type SourceConnection = AdobeSource | MarketoPushSource | EventsSource;

/** Slack by incoming webhook (its channel is fixed) or by bot token and channel. */
export interface SlackDestination {
  readonly kind: 'slack';
  readonly webhookUrl?: string;
  readonly botToken?: string;
  readonly channel?: string;
  /** `https://slack.com` unless told otherwise. */
  readonly apiOrigin: string;
}

export interface EmailDestination {
  readonly kind: 'email';
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
}

export interface WebhookDestination {
  readonly kind: 'webhook';
  readonly url: string;
  /** Standard Webhooks secret: `whsec_` and base64. */
  readonly secret: string;
  /** Outbound webhooks refuse private and loopback addresses unless this is true. */
  readonly allowPrivateAddresses: boolean;
}

export interface MarketoDestination {
  readonly kind: 'marketo';
  /** The instance, `123-ABC-456`. */
  readonly munchkinId: string;
  /** `https://<munchkinId>.mktorest.com` unless told otherwise. */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export type Destination = SlackDestination | EmailDestination | WebhookDestination | MarketoDestination;
export type DestinationKind = Destination['kind'];
