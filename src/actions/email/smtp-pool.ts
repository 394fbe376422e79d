import type { Readable } from 'node:stream';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { isJsonObject } from '../../contracts/json.js';
import { shownText } from '../../http/shown-exchange.js';
import { failureOfSmtpError } from './smtp-failure.js';

const CONNECT_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 45_000;
const IDLE_TIMEOUT_MS = 30_000;
const CONNECTIONS = 3;

/** A mail; its recipients are those of the envelope, whatever its header says. */
export type Mail = SendMailOptions & {
  readonly from: string;
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: string[] };
};

/** What the server said of a recipient whom it refused. */
export interface Refusal {
  readonly recipient: string;
  /** SMTP reply code; 4xx: it may take the mail later. */
  readonly code: number;
  readonly message: string;
}

/** What the server said of a mail that it took for at least one recipient. */
export interface MailResult {
  /** `250 OK: queued`. */
  readonly response: string;
  readonly refused: readonly Refusal[];
}

/** Hears what the server answered, its refusal among it. */
export type HearAnswer = (answer: { readonly status?: number; readonly text: string }) => void;

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

  /** Sends one mail; throws a `Failure` when nobody gets it. */
  async send(mail: Mail, signal: AbortSignal, hear: HearAnswer): Promise<MailResult> {
    try {
      const { response, rejectedErrors = [] } = await this.transport.sendMail({ ...mail, signal });
      hear(answerOf(response));
      return { response, refused: rejectedErrors.map(refusalOf) };
    } catch (error) {
      const response = isJsonObject(error) ? error['response'] : undefined;
      if (typeof response === 'string') hear(answerOf(response));
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

function refusalOf(error: {
  readonly recipient?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly message: string;
}): Refusal {
  const { recipient = 'a recipient', responseCode: code = 550, message } = error;
  return { recipient, code, message };
}

function answerOf(response: string): { readonly status?: number; readonly text: string } {
  const status = /^\d{3}\b/.exec(response)?.[0];
  return { text: shownText(response), ...(status === undefined ? {} : { status: Number(status) }) };
}
