import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook receiver that only notes when each marker arrived, and serves the public key of the load. */
export class Sink {
  /** Marker → `performance.now()` of its first arrival. */
  readonly arrivals = new Map<string, number>();
  duplicates = 0;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(publicKey: string | Buffer): Promise<Sink> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sink = new Sink(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      if (request.method === 'GET') return void response.end(publicKey);
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        sink.note(/"id":"([^"]+)"/.exec(body)?.[1] ?? '');
        response.end();
      });
    });
    return sink;
  }

  /** Resolves when every marker has arrived; rejects after `timeoutMs`, naming how many are missing. */
  async all(markers: readonly string[], timeoutMs = 120_000): Promise<void> {
    const end = performance.now() + timeoutMs;
    while (!markers.every((marker) => this.arrivals.has(marker))) {
      if (performance.now() > end) {
        const missing = markers.filter((marker) => !this.arrivals.has(marker)).length;
        throw new Error(`${missing} of ${markers.length} effects did not arrive within ${timeoutMs} ms`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private note(marker: string): void {
    if (this.arrivals.has(marker)) this.duplicates += 1;
    else this.arrivals.set(marker, performance.now());
  }
}
