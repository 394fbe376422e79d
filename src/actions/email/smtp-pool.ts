import type { Readable } from 'node:stream';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { failureOfSmtpError } from './smtp-failure.js';

const CONNECT_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 45_000;
const IDLE_TIMEOUT_MS = 30_000;
const CONNECTIONS = 3;

export type Mail = SendMailOptions & { readonly messageId: string };

/** What the server said of the recipients. */
export interface MailResult {
  readonly response: string;
  readonly accepted: number;
  /** One line for each recipient that was refused. */
  readonly refused: readonly string[];
}

/** A bounded pool of SMTP connections to one server. */
export class SmtpPool {
  private readonly transport;
  /** Messages under way by Message-ID. Whether one was read tells whether the server may hold it. */
  private readonly streams = new Map<string, Readable>();

  /** `url` as in `smtp://user:password@host:587`. */
  constructor(url: string) {
    this.transport = createTransport({
      pool: true,
      url,
      maxConnections: CONNECTIONS,
      maxRequeues: 1,
      idleTimeout: IDLE_TIMEOUT_MS,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.transport.use('stream', ({ data, message }, done) => {
      const create = message.createReadStream.bind(message);
      message.createReadStream = (options) => {
        const stream = create(options);
        this.streams.set(String(data.messageId), stream);
        return stream;
      };
      done();
    });
  }

  /** Sends one mail; throws a `Failure`. Resolves when the server took it for at least one recipient. */
  async send(mail: Mail): Promise<MailResult> {
    try {
      const { response, accepted, rejected, rejectedErrors } = await this.transport.sendMail(mail);
      const refused =
        rejectedErrors?.map(({ recipient, message }) => `${recipient ?? 'a recipient'}: ${message}`) ??
        rejected.map(String);
      return { response, accepted: accepted.length, refused };
    } catch (error) {
      throw failureOfSmtpError(error, this.streams.get(mail.messageId)?.readableDidRead === true);
    } finally {
      this.streams.delete(mail.messageId);
    }
  }

  /** Ends every connection, also one that is delivering. */
  close(): void {
    this.transport.close({ force: true });
  }
}
