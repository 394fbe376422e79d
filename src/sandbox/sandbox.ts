import type { Connections } from '../contracts/connections.js';
import type { AdobeKeyServer } from './adobe-key-server.js';
import type { AdobeSender } from './adobe-sender.js';
import type { MarketoStandIn } from './marketo-stand-in.js';
import type { SlackStandIn } from './slack-stand-in.js';
import type { SmtpStandIn } from './smtp-stand-in.js';
import type { WebhookReceiver } from './webhook-receiver.js';

/** 0, the default, takes any free port. */
export interface SandboxPorts {
  readonly overview: number;
  readonly slack: number;
  readonly mail: number;
  readonly receiver: number;
  readonly marketo: number;
  readonly adobe: number;
}

export interface SandboxOptions {
  /** A loopback address; 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** Secrets and `sandbox.json` are kept in `<dataDir>/sandbox`. Without it nothing is written. */
  readonly dataDir?: string;
  readonly ports?: Partial<SandboxPorts>;
}

/** Stand-ins for everything the app speaks to, on loopback, with the connections that lead to them. */
export interface Sandbox {
  /** Sources `marketo-io marketo-push crm`; destinations `ops ops-bot oncall receiver marketo`. */
  readonly connections: Connections;
  /** A page for people that lists what was received. */
  readonly overviewUrl: string;
  readonly slack: SlackStandIn;
  readonly mail: SmtpStandIn;
  readonly receiver: WebhookReceiver;
  readonly marketo: MarketoStandIn;
  /** Signs and posts as Adobe I/O Events does. */
  readonly adobe: AdobeSender;
  /** Serves the public keys of `adobe`. */
  readonly adobeKeys: AdobeKeyServer;
  close(): Promise<void>;
}

/** Starts every stand-in. Rejects when a wanted port is in use or `host` is not loopback. */
export declare function startSandbox(options?: SandboxOptions): Promise<Sandbox>;
