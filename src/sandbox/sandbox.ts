import { join } from 'node:path';
import type { Connections } from '../contracts/connections.js';
import { permanent } from '../contracts/failure.js';
import { AdobeJournal } from './adobe-journal.js';
import { AdobeKeyServer } from './adobe-key-server.js';
import { AdobeSender } from './adobe-sender.js';
import { addSampleLeads } from './marketo/sample-leads.js';
import { MarketoStandIn } from './marketo-stand-in.js';
import { removeSandboxFile, writeSandboxFile } from './sandbox-file.js';
import type { SandboxDestinations } from './sandbox-destinations.js';
import type { SandboxParts } from './sandbox-parts.js';
import { sandboxSecrets, type SandboxSecrets } from './sandbox-secrets.js';
import { SlackStandIn } from './slack-stand-in.js';
import { SmtpStandIn } from './smtp-stand-in.js';
import { listenWhereBefore } from './view/kept-port.js';
import { Overview } from './view/overview.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** 0, the default, takes any free port; the overview's is kept in the data folder, if there is one. */
export interface SandboxPorts {
  readonly overview: number;
  readonly slack: number;
  readonly mail: number;
  readonly receiver: number;
  readonly marketo: number;
  readonly adobe: number;
  readonly adobeJournal: number;
}

export interface SandboxOptions {
  /** An IPv4 loopback address; 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** Secrets and `sandbox.json` are kept in `<dataDir>/sandbox`. Without it nothing is written. */
  readonly dataDir?: string;
  readonly ports?: Partial<SandboxPorts>;
}

/** Stand-ins for everything the app speaks to, on loopback, with the connections that lead to them. */
export interface Sandbox extends SandboxParts {
  /** Sources `marketo-io marketo-push crm`; destinations `ops ops-bot oncall receiver marketo`. */
  readonly connections: Connections;
  /** A page for people that lists what was received. */
  readonly overviewUrl: string;
  /** Signs and posts as Adobe I/O Events does. */
  readonly adobe: AdobeSender;
  close(): Promise<void>;
}

const MUNCHKIN_ID = '123-ABC-456';
const ADOBE_PROJECT = { orgId: '0A1B2C3D4E5F60718293A4B5@AdobeOrg', scope: 'openid,AdobeID' };
const LOOK_UPS_PER_DAY = 5_000;
const LOOPBACK = /^127\.\d+\.\d+\.\d+$/;

/** Starts every stand-in. Rejects when a wanted port is in use or `host` is not loopback. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', dataDir, ports = {} } = options;
  if (!LOOPBACK.test(host))
    throw permanent('sandbox.host', `The sandbox listens on loopback only, not on ${host}.`);
  const folder = dataDir === undefined ? undefined : join(dataDir, 'sandbox');
  const secrets = await sandboxSecrets(folder);
  const adobe = new AdobeSender(secrets.adobe);
  const parts = {
    slack: new SlackStandIn({ webhookToken: secrets.slackWebhookToken, botToken: secrets.slackBotToken }),
    mail: new SmtpStandIn(secrets.mailPassword),
    receiver: new WebhookReceiver(secrets.webhookSecret),
    marketo: new MarketoStandIn(MUNCHKIN_ID, {
      clientId: secrets.marketoClientId,
      clientSecret: secrets.marketoClientSecret,
    }),
    adobeKeys: new AdobeKeyServer(adobe.keys),
    adobeJournal: new AdobeJournal({
      clientId: secrets.adobe.clientId,
      clientSecret: secrets.adobeClientSecret,
      ...ADOBE_PROJECT,
    }),
  };
  addSampleLeads(parts.marketo.instance);
  const overview = new Overview(parts);
  const servers = { ...parts, adobe: parts.adobeKeys, overview };
  const names = ['slack', 'mail', 'receiver', 'marketo', 'adobe', 'adobeJournal', 'overview'] as const;
  const close = async (): Promise<void> => {
    await Promise.all([adobe.close(), ...names.map((name) => servers[name].close())]);
    if (folder !== undefined) await removeSandboxFile(folder);
  };
  const listening = await Promise.allSettled(
    names.map((name) =>
      name === 'overview' && ports.overview === undefined && folder !== undefined
        ? listenWhereBefore(overview, host, folder)
        : servers[name].listen(host, ports[name] ?? 0),
    ),
  );
  const failed = listening.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    await close();
    throw failed.reason;
  }
  const connections = connectionsTo(parts, secrets);
  const overviewUrl = `${overview.origin}/`;
  if (folder !== undefined)
    await writeSandboxFile(folder, { overviewUrl, connections, adobe: secrets.adobe });
  return { connections, overviewUrl, ...parts, adobe, close };
}

function connectionsTo(
  { slack, mail, receiver, marketo, adobeKeys, adobeJournal }: SandboxParts,
  secrets: SandboxSecrets,
): Connections {
  const destinations: SandboxDestinations = {
    ops: slack.webhook(),
    'ops-bot': slack.bot(),
    oncall: mail.destination(),
    receiver: receiver.destination(),
    marketo: {
      ...marketo.destination(),
      dailyCalls: marketo.limits.daily,
      lookUps: { perDay: LOOK_UPS_PER_DAY },
    },
  };
  return {
    sources: {
      'marketo-io': {
        kind: 'adobe',
        clientId: secrets.adobe.clientId,
        keyOrigin: adobeKeys.origin,
        ...adobeJournal.source(),
      },
      'marketo-push': { kind: 'marketo', token: secrets.pushToken },
      crm: { kind: 'events', apiKey: secrets.eventsApiKey },
    },
    destinations,
  };
}
