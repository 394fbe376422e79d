import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A command that waits for work may have no answer for a long time. */
const NO_ANSWER_MS = 50;

/** Where in the stream of commands something is to happen, counted from 1. */
export interface CutAt {
  readonly command: number;
  /** `before`: Redis never sees the command. `after`: Redis carries it out, and its answer is never seen. */
  readonly side: 'before' | 'after';
}

/**
 * Stands between an app and its Redis and counts the commands that go through, whatever connection they are on. At a
 * given one it lets nothing more through, in neither direction, and says so.
 */
export class RedisProxy {
  private readonly sockets = new Set<Socket>();
  private counting = false;
  private cutAt: (CutAt & { readonly cut: () => void }) | undefined;
  private closed = false;
  /** Commands since `count` was called. */
  commands = 0;

  private constructor(
    private readonly server: Server,
    private readonly redisPort: number,
  ) {
    server.on('connection', (socket) => {
      this.accept(socket);
    });
  }

  static async start(redisPort: number): Promise<RedisProxy> {
    const server = createServer();
    const proxy = new RedisProxy(server, redisPort);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Counts from here, and calls `cut` when it comes to the place, with everything stopped. */
  count(at?: CutAt & { readonly cut: () => void }): void {
    this.commands = 0;
    this.counting = true;
    this.cutAt = at;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(app: Socket): void {
    const redis = connect(this.redisPort, '127.0.0.1');
    const commands = new CommandSplitter();
    let awaitsCut = false;
    app.on('data', (chunk) => {
      for (const command of commands.push(chunk)) {
        if (this.closed) return;
        if (this.counting) this.commands += 1;
        const isPlace = this.counting && this.cutAt?.command === this.commands;
        if (isPlace && this.cutAt?.side === 'before') {
          this.cut();
          return;
        }
        redis.write(command);
        if (isPlace) {
          awaitsCut = true;
          this.closed = true;
          setTimeout(() => {
            this.cut();
          }, NO_ANSWER_MS);
        }
      }
    });
    redis.on('data', (chunk) => {
      if (awaitsCut) this.cut();
      else if (!this.closed) app.write(chunk);
    });
    this.join(app, redis);
  }

  private join(app: Socket, redis: Socket): void {
    for (const [one, other] of [
      [app, redis],
      [redis, app],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }

  private cut(): void {
    this.closed = true;
    const { cut } = this.cutAt ?? {};
    this.cutAt = undefined;
    cut?.();
  }
}

/** Cuts what a client writes into single commands: arrays of bulk strings, as every client sends them. */
class CommandSplitter {
  private rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const commands: Buffer[] = [];
    for (;;) {
      const length = lengthOfFirst(this.rest);
      if (length === undefined) return commands;
      commands.push(this.rest.subarray(0, length));
      this.rest = this.rest.subarray(length);
    }
  }
}

/** Bytes of the first whole command, undefined while part of it is missing. */
function lengthOfFirst(bytes: Buffer): number | undefined {
  const head = numberAt(bytes, 0);
  if (head === undefined) return undefined;
  let { end } = head;
  for (let i = 0; i < head.value; i++) {
    const part = numberAt(bytes, end);
    if (part === undefined) return undefined;
    end = part.end + part.value + 2;
  }
  return end <= bytes.length ? end : undefined;
}

/** The number of a line such as `*3` or `$12`, and where the next line begins. */
function numberAt(bytes: Buffer, start: number): { value: number; end: number } | undefined {
  const end = bytes.indexOf('\r\n', start);
  if (end === -1) return undefined;
  return { value: Number(bytes.toString('latin1', start + 1, end)), end: end + 2 };
}
