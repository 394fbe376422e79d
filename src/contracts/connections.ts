import type { JsonObject } from './json.js';
import type { LaneSettings, Pace } from './lane.js';

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

/** What every kind of source may say. */
interface SourceCommon {
  /**
   * The longest silence that is normal for each of its streams, in milliseconds. Learned from its past unless given;
   * 0 says that any silence is.
   */
  readonly expectEveryMs?: number;
}

export interface AdobeSource extends SourceCommon {
  readonly kind: 'adobe';
  /** The client id of our credential in Adobe's console: every event must name it as its recipient. */
  readonly clientId: string;
  /** Where Adobe's public keys are fetched. The one allowed host. */
  readonly keyOrigin: string;
  /** Where a registration is confirmed when Adobe asks for it by POST. The one allowed host. */
  readonly validationOrigin: string;
  /** False when the journal is the only way in, so that the door takes nothing for it; true unless given. */
  readonly webhook?: boolean;
  /** The Marketo instances it may speak for; all unless given. */
  readonly munchkinIds?: readonly string[];
  /** What asking Adobe takes: needed for `journal` and `registration`. */
  readonly ims?: ImsCredentials;
  readonly journal?: AdobeJournal;
  /** URL of the registration in Adobe's Registration API; its state is asked for when given. */
  readonly registrationUrl?: string;
}

/** OAuth server-to-server credential of an Adobe Developer Console project. The client id is the source's. */
export interface ImsCredentials {
  /** `<id>@AdobeOrg`. */
  readonly orgId: string;
  readonly clientSecret: string;
  /** Comma list, as the console shows it. */
  readonly scope: string;
  /** `https://ims-na1.adobelogin.com/ims/token/v3` unless told otherwise. */
  readonly tokenUrl: string;
}

export interface AdobeJournal {
  /** As the console or the registration gives it. */
  readonly url: string;
  /** Where the first reading begins: with what comes from now on, or with the oldest of the last seven days. */
  readonly startAt: 'latest' | 'oldest';
}

/** One of `token`, `oauth` and `insecure` is there. */
export interface MarketoPushSource extends SourceCommon {
  readonly kind: 'marketo';
  /** The API token that Marketo sends in `Authorization`. */
  readonly token?: string;
  /** How bearer tokens are checked that Marketo gets from our own identity provider. */
  readonly oauth?: JwtCheck | IntrospectionCheck;
  /** Takes deliveries of anybody; never unless the file says so. */
  readonly insecure?: boolean;
  /** The Marketo instances it may speak for; all unless given. */
  readonly munchkinIds?: readonly string[];
}

/** The token is a JWT, signed with a key of this set. */
export interface JwtCheck {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** The token is opaque, and the identity provider says whether it is good (RFC 7662). */
export interface IntrospectionCheck {
  readonly introspectionUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** When given, the answer's `aud` must name it. */
  readonly audience?: string;
}

/** CloudEvents 1.0. Keys with the role `ingest` are good for it beside its own. */
export interface EventsSource extends SourceCommon {
  readonly kind: 'events';
  readonly apiKey?: string;
  /** Takes events of anybody; never unless the file says so. */
  readonly insecure?: boolean;
  /** The CloudEvents sources it may speak for, `*` at the end for any ending; all unless given. */
  readonly allowedSources?: readonly string[];
}

/** Another vendor's webhook, made into a CloudEvent by `event`. One of `verify` and `insecure` is there. */
export interface WebhookSource extends SourceCommon {
  readonly kind: 'webhook';
  readonly verify?: StandardWebhooksCheck | HmacCheck | SharedSecretCheck;
  /** Takes deliveries of anybody; never unless the file says so. */
  readonly insecure?: boolean;
  readonly event: EventMapping;
}

/** https://www.standardwebhooks.com: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
export interface StandardWebhooksCheck {
  readonly scheme: 'standard-webhooks';
  /** `whsec_` and base64; several while a secret is being changed. */
  readonly secrets: readonly string[];
}

/** An HMAC of the body, or of a text that has the body in it, in a header. */
export interface HmacCheck {
  readonly scheme: 'hmac';
  readonly secrets: readonly string[];
  /** The header with the signature. */
  readonly header: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** What stands before the signature in the header, such as `sha256=`. */
  readonly prefix: string;
  /** What is signed: `{body}` unless told otherwise; `{header.x-name}` stands for a header. */
  readonly signed: string;
  /** The header with the time of sending in epoch seconds; deliveries older than five minutes are refused. */
  readonly timestampHeader?: string;
}

/** A fixed text in a header. */
export interface SharedSecretCheck {
  readonly scheme: 'shared-secret';
  readonly header: string;
  readonly secrets: readonly string[];
}

/**
 * How a webhook's body and headers become a CloudEvent. Each is a text in which `{$.path.to[0].member}` stands for a
 * member of the JSON body and `{header.x-name}` for a header.
 */
export interface EventMapping {
  /** The hash of the body unless given. */
  readonly id?: string;
  readonly type: string;
  /** The name of the connection unless given. */
  readonly source?: string;
  readonly subject?: string;
  /** The time of receipt unless given. */
  readonly time?: string;
  /** Path of the part of the body that becomes `data`, such as `$.payload`; all of it unless given. */
  readonly data?: string;
}

export type SourceConnection = AdobeSource | MarketoPushSource | EventsSource | WebhookSource;

/** The engine itself. No file names it: it is there always. */
export interface OwnSource {
  readonly kind: 'signalman';
}

/** What every kind of destination may say. */
interface DestinationCommon {
  readonly lane?: LaneSettings;
}

/** Slack by incoming webhook (its channel is fixed) or by bot token and channel. */
export interface SlackDestination extends DestinationCommon {
  readonly kind: 'slack';
  readonly webhookUrl?: string;
  readonly botToken?: string;
  readonly channel?: string;
  /** `https://slack.com` unless told otherwise. */
  readonly apiOrigin: string;
}

/** How many messages go in one mail of a digest at most; a lane lets as many be under way at once, to be gathered. */
export const MOST_IN_DIGEST = 100;

export interface EmailDestination extends DestinationCommon {
  readonly kind: 'email';
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Where bounces go: the sender of the envelope. `from` unless given. */
  readonly bounces?: string;
  /** Where a reader unsubscribes: `mailto:…` or `https://…`. */
  readonly unsubscribe?: string;
  /** How many mails each recipient gets at most. */
  readonly perRecipient?: Pace;
  /** Mails are gathered and sent together, every so many milliseconds by the clock. */
  readonly digestMs?: number;
}

export interface WebhookDestination extends DestinationCommon {
  readonly kind: 'webhook';
  readonly url: string;
  /** It was given by reference: whoever knows it may post, so that nobody is shown more than its origin. */
  readonly urlIsSecret?: true;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Standard Webhooks secrets, `whsec_` and base64; several while a secret is being changed. Each signs. */
  readonly secrets: readonly string[];
  /** Headers beside our own, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The certificate that we show, and whose certificates we trust; all of it PEM. */
  readonly tls?: { readonly cert?: string; readonly key?: string; readonly ca?: string };
  /** Outbound webhooks refuse private and loopback addresses unless this is true. */
  readonly allowPrivateAddresses: boolean;
}

export interface MarketoDestination extends DestinationCommon {
  readonly kind: 'marketo';
  /** The instance, `123-ABC-456`. */
  readonly munchkinId: string;
  /** `https://<munchkinId>.mktorest.com` unless told otherwise. */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What looking leads up may take: 5,000 calls a day of US Central time unless given; 0: leads are not looked up. */
  readonly lookUps?: { readonly perDay: number };
  /** The calls a day that the subscription has, for all who call; not known unless given. */
  readonly dailyCalls?: number;
  /** How often the usage of the day is read, milliseconds; 0: never. Every five minutes unless given. */
  readonly usagePollMs?: number;
  /** What all our calls together may take of what the instance has for everybody. */
  readonly calls?: MarketoCallLimits;
}

/** The defaults are what Adobe advises for one integration. */
export interface MarketoCallLimits {
  /** Calls within 20 seconds: 50 unless given, 100 at most. */
  readonly perWindow?: number;
  /** Calls under way at once: 5 unless given, 10 at most. */
  readonly atOnce?: number;
  /** The share of `dailyCalls` that we never touch, in percent: 5 unless given. */
  readonly reservePercent?: number;
}

/**
 * The type of a plug-in's action, such as `teams`, which is the kind of its connections too. A brand, made where
 * plug-ins are installed: no word has this form, so that the compiler tells our own kinds apart from it.
 */
export type PluginKind = `<plug-in ${string}>`;

/** What its plug-in says that it holds. */
export interface PluginDestination extends DestinationCommon {
  readonly kind: PluginKind;
  /** The members that are not secret. */
  readonly settings: JsonObject;
  /** The members that are: texts and lists of texts. */
  readonly secrets: Readonly<Record<string, string | readonly string[]>>;
  /** The HTTP client of plug-ins refuses private and loopback addresses unless this is true. */
  readonly allowPrivateAddresses: boolean;
}

/** The engine itself: what goes there comes back as an event. No file names it: it is there always. */
export interface OwnDestination {
  readonly kind: 'signalman';
}

export type Destination =
  SlackDestination | EmailDestination | WebhookDestination | MarketoDestination | PluginDestination;
export type DestinationKind = Destination['kind'];
