import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { permanent } from '../contracts/failure.js';

const CHUNK_BYTES = 256 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** A file, or standard input, that is read from its beginning to its end and never held whole. */
export class Input {
  /** Bytes of it that were read so far, before they are unpacked. */
  bytesRead = 0;

  private constructor(
    /** For people: the path as it was given. */
    readonly name: string,
    /** Bytes it has; undefined when nobody knows before its end. */
    readonly size: number | undefined,
    private readonly begin: () => Readable,
  ) {}

  /** `path`: `-` for standard input. Throws a `Failure` when there is no such file, or when it is no file. */
  static async of(path: string, stdin: Readable = process.stdin): Promise<Input> {
    if (path === '-') return new Input('standard input', undefined, () => stdin);
    const found = await stat(path).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (found.isDirectory()) throw permanent('import.folder', `${path} is a folder: name the files in it.`);
    return new Input(path, found.isFile() ? found.size : undefined, () =>
      createReadStream(path, { highWaterMark: CHUNK_BYTES }),
    );
  }

  /** Whether it can be read a second time. */
  get isRegular(): boolean {
    return this.size !== undefined;
  }

  /** What is in it from the beginning, unpacked when it is gzip. Throws a `Failure` where it cannot be read on. */
  async *chunks(): AsyncGenerator<Buffer> {
    this.bytesRead = 0;
    try {
      const packed = await peek(this.counted(this.begin()), GZIP.length);
      const isGzip = packed.head.subarray(0, GZIP.length).equals(GZIP);
      yield* isGzip ? unpacked(packed.all) : packed.all;
    } catch (error) {
      throw unreadable(this.name, error);
    }
  }

  private async *counted(stream: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      this.bytesRead += chunk.length;
      yield chunk;
    }
  }
}

/** Looks at the first `bytes` bytes, or at all when there are fewer; `all` begins with them again. */
export async function peek(
  chunks: AsyncGenerator<Buffer>,
  bytes: number,
): Promise<{ readonly head: Buffer; readonly all: AsyncGenerator<Buffer> }> {
  const first: Buffer[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await chunks.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  const head = Buffer.concat(first);
  return { head, all: after(head, chunks) };
}

async function* after(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    yield* rest;
  } finally {
    // Whoever stops in the middle closes the file below, also when he stops before its first byte.
    await rest.return(undefined);
  }
}

async function* unpacked(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors of both ends come out where the unpacked bytes are read.
  pipeline(Readable.from(packed, { objectMode: false }), gunzip, () => undefined);
  for await (const chunk of gunzip as AsyncIterable<Buffer>) yield chunk;
}

function unreadable(name: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'this user may not read it',
    Z_BUF_ERROR: 'the packed file ends in the middle; get it again',
    Z_DATA_ERROR: 'the packed file is damaged; get it again',
  };
  return permanent('import.unreadable', `${name} cannot be read: ${reasons[code] ?? message}.`, error);
}
