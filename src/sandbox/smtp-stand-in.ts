import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { EmailDestination } from '../contracts/connections.js';
import { FaultQueue } from './http/fault.js';
import { type MailParts, readMail } from './mail/mail-parts.js';
import { ReceivedLog } from './received-log.js';

export interface ReceivedMail extends MailParts {
  readonly receivedAt: string;
  /** Addresses of the envelope. */
  readonly from: string;
  readonly to: readonly string[];
  /** The message as it came over the wire. */
  readonly source: string;
}

export interface MailFault {
  /** The command that fails: the log-in, a recipient, or the message (the default). */
  readonly at?: 'auth' | 'rcpt' | 'data';
  /** The only address whose `rcpt` meets it; any unless given. */
  readonly recipient?: string;
  /** SMTP reply code: 4xx are temporary, 5xx final. */
  readonly responseCode?: number;
  readonly message?: string;
  /** Never answer the command. */
  readonly hang?: boolean;
  /** Cut the connection instead of answering. */
  readonly reset?: boolean;
  /** The message is taken and the fault comes after, so the sender cannot know its outcome. */
  readonly afterEffect?: boolean;
  readonly times?: number;
}

type Reply = (error?: Error | null) => void;

const USER = 'signalman';
/** Without its end, in bytes (RFC 5322, 2.1.1). */
const LONGEST_LINE = 998;

/** A mail server on loopback (SMTP with log-in, without TLS) that keeps every message and sends none. */
export class SmtpStandIn {
  readonly messages = new ReceivedLog<ReceivedMail>();
  private readonly faults = {
    auth: new FaultQueue<MailFault>(),
    rcpt: new FaultQueue<MailFault>(),
    data: new FaultQueue<MailFault>(),
  };
  private readonly sockets = new Set<Socket>();
  private readonly smtp: SMTPServer;

  constructor(private readonly password: string) {
    this.smtp = new SMTPServer({
      name: 'sandbox.signalman.example',
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      closeTimeout: 100,
      onAuth: (auth, session, callback) => {
        this.meet('auth', session, (error) => {
          const known = auth.username === USER && auth.password === this.password;
          if (error) callback(error);
          else if (known) callback(null, { user: USER });
          else callback(new Error('Authentication credentials invalid'));
        });
      },
      onRcptTo: ({ address }, session, callback) => {
        this.meet('rcpt', session, callback, { about: address });
      },
      onData: (stream, session, callback) => {
        this.take(stream, session, callback).catch(callback);
      },
    });
    // Clients that are cut off, by a fault or by closing, are no news.
    this.smtp.on('error', () => undefined);
    this.smtp.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  async listen(host: string, port: number): Promise<void> {
    this.smtp.listen(port, host);
    await once(this.smtp.server, 'listening');
  }

  /** `smtp://user:password@host:port`. */
  get url(): string {
    return `smtp://${USER}:${this.password}@${this.hostAndPort}`;
  }

  get hostAndPort(): string {
    const { address, port } = this.smtp.server.address() as AddressInfo;
    return `${address}:${port}`;
  }

  destination(): EmailDestination {
    return {
      kind: 'email',
      smtpUrl: this.url,
      from: 'Signalman <signalman@acme.example>',
      to: ['oncall@acme.example'],
    };
  }

  failNext(fault: MailFault): void {
    this.faults[fault.at ?? 'data'].add(fault);
  }

  clear(): void {
    this.messages.clear();
    for (const queue of Object.values(this.faults)) queue.clear();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.smtp.close(resolve);
    });
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession, reply: Reply): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const source = Buffer.concat(chunks).toString('utf8');
    if (source.split('\r\n').some((line) => Buffer.byteLength(line) > LONGEST_LINE)) {
      reply(refusal(500, 'Line too long'));
      return;
    }
    const effect = (): void => {
      const { mailFrom, rcptTo } = session.envelope;
      this.messages.add({
        ...readMail(source),
        receivedAt: new Date().toISOString(),
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        source,
      });
    };
    this.meet('data', session, reply, { effect });
  }

  private meet(
    at: keyof typeof this.faults,
    session: SMTPServerSession,
    reply: Reply,
    { about, effect }: { readonly about?: string; readonly effect?: () => void } = {},
  ): void {
    const fault = this.faults[at].take(({ recipient }) => recipient === undefined || recipient === about);
    if (fault === undefined || fault.afterEffect === true) effect?.();
    if (fault?.hang === true) return;
    if (fault?.reset === true) this.cut(session);
    else if (fault === undefined) reply();
    else reply(refusal(fault.responseCode ?? 451, fault.message ?? 'Refused by the sandbox'));
  }

  private cut(session: SMTPServerSession): void {
    for (const socket of this.sockets) if (socket.remotePort === session.remotePort) socket.destroy();
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
