import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** A client that sends exactly the bytes it is told to, however wrong they are. */
export class RawClient {
  private received = '';
  private ended = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received += chunk.toString('latin1')));
    socket.on('close', () => (this.ended = true));
    socket.on('error', () => (this.ended = true));
  }

  static async connect(origin: string): Promise<RawClient> {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  send(bytes: string | Buffer): this {
    if (!this.ended) this.socket.write(bytes);
    return this;
  }

  /** Everything that came back until now. */
  get text(): string {
    return this.received;
  }

  /** The status of every answer that came back, in order. */
  get statuses(): number[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  /** True when the server has closed the connection. */
  get closed(): boolean {
    return this.ended;
  }

  /** Waits until the server closes the connection; false when it did not in this time. */
  async isClosedWithin(ms: number): Promise<boolean> {
    if (this.ended) return true;
    await Promise.race([
      once(this.socket, 'close').catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, ms)),
    ]);
    return this.ended;
  }

  close(): void {
    this.socket.destroy();
  }
}
