import { Agent, buildConnector } from 'undici';
import { publicLookup, refusePrivateLiteral } from './private-addresses.js';

const CONNECT_TIMEOUT_MS = 5_000;
const CONNECTIONS_PER_ORIGIN = 64;

/** The certificate that we show, and whose certificates we trust instead of the usual authorities; all of it PEM. */
export interface ClientTls {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** Marks an error as one of connecting: not a byte of the request was sent. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}

/** Which connections a request may use. */
export interface Reach {
  /** Addresses that are not on the public internet are refused. */
  readonly publicOnly: boolean;
  readonly tls?: ClientTls | undefined;
}

/**
 * Keep-alive connections. Requests with another certificate, or with other addresses allowed, share none: whom we are
 * and whom we may reach is settled when a connection is made.
 */
export class HttpAgents {
  private readonly anywhere = new Map<ClientTls | undefined, Agent>();
  private readonly publicOnly = new Map<ClientTls | undefined, Agent>();

  /** The same agent for the same `tls` object: a connection of the configuration keeps its own for as long as it lives. */
  for({ publicOnly, tls }: Reach): Agent {
    const agents = publicOnly ? this.publicOnly : this.anywhere;
    let agent = agents.get(tls);
    if (agent === undefined) {
      agent = new Agent({ connect: connector(publicOnly, tls), connections: CONNECTIONS_PER_ORIGIN });
      agents.set(tls, agent);
    }
    return agent;
  }

  /** Drops every connection. Exchanges under way fail. */
  async destroy(): Promise<void> {
    const agents = [...this.anywhere.values(), ...this.publicOnly.values()];
    await Promise.all(agents.map((agent) => agent.destroy()));
  }
}

function connector(publicOnly: boolean, tls: ClientTls = {}): buildConnector.connector {
  const connect = buildConnector({
    ...tls,
    timeout: CONNECT_TIMEOUT_MS,
    ...(publicOnly ? { lookup: publicLookup } : {}),
  });
  return (options, callback) => {
    const fail = (cause: unknown) => {
      callback(new ConnectError('could not connect', { cause }), null);
    };
    try {
      if (publicOnly) refusePrivateLiteral(options.hostname);
    } catch (error) {
      fail(error);
      return;
    }
    connect(options, (...[error, socket]) => {
      if (error) fail(error);
      else callback(null, socket);
    });
  };
}
