import { Agent, request } from 'undici';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { transient } from '../../contracts/failure.js';

const CONNECT_MS = 5_000;

export interface Question {
  /** Whom messages speak of: `Adobe's journal`. The URL is never shown. */
  readonly service: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the start of the connection to the end of the body, milliseconds. */
  readonly timeoutMs: number;
  /** How long an answer may be, bytes. */
  readonly maxBytes: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Keep-alive HTTP with bounds. Follows no redirect: a token must not reach another host. */
@Injectable()
export class AdobeHttp implements OnApplicationShutdown {
  private readonly agent = new Agent({ connectTimeout: CONNECT_MS, maxHeaderSize: 16 * 1024 });

  /** One exchange. Any status is an answer; throws a `Failure` `adobe.unreachable` when there is none. */
  async ask(question: Question): Promise<Answer> {
    const { service, method, url, headers, body, timeoutMs, maxBytes } = question;
    const ending = new AbortController();
    // Not AbortSignal.timeout: on Node 20 the garbage collector may take one that only a request refers to.
    const timer = setTimeout(() => {
      ending.abort();
    }, timeoutMs);
    try {
      const answer = await request(url, {
        method,
        headers: { 'user-agent': 'signalman', ...headers },
        body: body ?? null,
        signal: ending.signal,
        dispatcher: this.agent,
      });
      const bytes = await readBounded(answer.body as AsyncIterable<Buffer>, maxBytes);
      return { status: answer.statusCode, headers: answer.headers, body: bytes };
    } catch (cause) {
      const why = ending.signal.aborted
        ? `did not answer within ${timeoutMs} ms`
        : `cannot be had: ${String(cause)}`;
      throw transient('adobe.unreachable', `${service} ${why}.`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}

async function readBounded(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
