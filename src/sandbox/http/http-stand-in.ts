import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ReceivedLog } from '../received-log.js';
import { type Fault, FaultQueue } from './fault.js';
import type { HttpAnswer, HttpRequest } from './http-answer.js';

/** An HTTP server that records what it receives and can be told to fail. */
export abstract class HttpStandIn<F extends Fault = Fault> {
  /** Everything that came in, understood or not, also what then met a fault. */
  readonly requests = new ReceivedLog<HttpRequest>();
  private readonly faults = new FaultQueue<F>();
  private readonly stopping = new AbortController();
  private underWay = 0;
  private readonly server = createServer((request, response) => {
    this.serve(request, response).catch(() => response.destroy());
  });

  /** Port 0 takes any free one. Rejects when the port is in use. */
  async listen(host: string, port: number): Promise<void> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
  }

  /** `http://host:port`, from `listen` to `close`. */
  get origin(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${address}:${port}`;
  }

  /** Faults queue up: each is met by as many requests as it says before the next one's turn. */
  failNext(fault: F): void {
    this.faults.add(fault);
  }

  /** Cancels the faults that are still to come. */
  recover(): void {
    this.faults.clear();
  }

  /** Forgets what was received and cancels the faults that are still to come. */
  clear(): void {
    this.recover();
    this.requests.clear();
  }

  /** Cuts every connection, idle or not. */
  async close(): Promise<void> {
    this.stopping.abort();
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  protected abstract answer(request: HttpRequest): HttpAnswer;

  protected meets(fault: F, request: HttpRequest): boolean {
    const { path, method } = fault;
    if (method !== undefined && request.method !== method) return false;
    return path === undefined || request.url.pathname.includes(path);
  }

  /** The answer that stands for a fault which is not of the connection, if there is one. */
  protected faultAnswer(fault: F): HttpAnswer | undefined {
    if (fault.httpStatus === undefined) return undefined;
    return { status: fault.httpStatus, headers: fault.headers ?? {}, body: fault.body ?? '' };
  }

  /** Requests that were taken and not answered yet, the one being answered among them. */
  protected get inFlight(): number {
    return this.underWay;
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay += 1;
    response.on('close', () => {
      this.underWay -= 1;
    });
    const request = await readRequest(incoming, this.origin);
    this.requests.add(request);
    const fault = this.faults.take((waiting) => this.meets(waiting, request));
    if (fault === undefined) write(response, this.answer(request));
    else await this.serveWithFault(request, response, fault);
  }

  private async serveWithFault(request: HttpRequest, response: ServerResponse, fault: F): Promise<void> {
    const instead = this.faultAnswer(fault);
    const fails = instead !== undefined || fault.hang === true || fault.reset === true;
    const answer = fails && fault.afterEffect !== true ? undefined : this.answer(request);
    if (fault.delayMs !== undefined) await delay(fault.delayMs, undefined, { signal: this.stopping.signal });
    if (fault.hang === true) return;
    const sent = instead ?? answer;
    if (fault.reset === true || sent === undefined) response.destroy();
    else if (fault.cutBody === true) cutShort(response, sent);
    else if (fault.trickleMs !== undefined) await this.trickle(response, sent, fault.trickleMs);
    else write(response, sent);
  }

  private async trickle(response: ServerResponse, answer: HttpAnswer, everyMs: number): Promise<void> {
    response.writeHead(answer.status, answer.headers).flushHeaders();
    for (const byte of Buffer.from(answer.body ?? '')) {
      await delay(everyMs, undefined, { signal: this.stopping.signal });
      if (response.destroyed) return;
      response.write(Buffer.from([byte]));
    }
    response.end();
  }
}

async function readRequest(incoming: IncomingMessage, origin: string): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', origin),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

/** The length promises twice what is sent. */
function cutShort(response: ServerResponse, { status, headers, body = '' }: HttpAnswer): void {
  const length = Buffer.byteLength(body) * 2 + 1;
  response.writeHead(status, { ...headers, 'content-length': length });
  response.write(body, () => {
    response.destroy();
  });
}

function write(response: ServerResponse, answer: HttpAnswer): void {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body ?? '');
}
