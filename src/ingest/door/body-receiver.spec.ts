import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BodyReceiver } from './body-receiver.js';
import type { DoorError } from './door-error.js';

const KB = 1_024;

class Upload {
  readonly stream = new PassThrough({ highWaterMark: 8 * KB * KB });
  readonly outcomes: (number | string)[] = [];

  constructor(receiver: BodyReceiver, announced = NaN) {
    receiver.receive(this.stream, announced, (error, body) => {
      this.outcomes.push(error === null ? (body ?? '').toString() : (error as DoorError).getStatus());
    });
  }

  async send(bytes: number): Promise<this> {
    this.stream.write(Buffer.alloc(bytes, 'x'));
    await nextTurn();
    return this;
  }

  async end(): Promise<this> {
    this.stream.end();
    await nextTurn();
    return this;
  }
}

describe('receiving bodies', () => {
  it('gives a body as it came, in however many pieces', async () => {
    const upload = new Upload(new BodyReceiver());
    await upload.send(3);
    await (await upload.send(2)).end();
    expect(upload.outcomes).toEqual(['xxxxx']);
  });

  it.each([
    ['announced', 3 * KB * KB + 1, 0],
    ['not announced', NaN, 3 * KB * KB + 1],
  ])('refuses with 413 what is too large and %s', async (_case, announced, bytes) => {
    const upload = await new Upload(new BodyReceiver(), announced).send(bytes);
    await upload.end();
    expect(upload.outcomes).toEqual([413]);
  });

  it('answers 503 when all bodies together are too much, and still takes small ones', async () => {
    const receiver = new BodyReceiver(100 * KB);
    const slow = await new Upload(receiver).send(90 * KB);
    const large = await new Upload(receiver).send(20 * KB);
    expect(large.outcomes).toEqual([503]);
    const full = await new Upload(receiver).send(10 * KB);
    const small = await new Upload(receiver).send(1 * KB);
    await full.end();
    await small.end();
    expect([full, small].map(({ outcomes }) => outcomes.map((body) => String(body).length))).toEqual([
      [10 * KB],
      [1 * KB],
    ]);
    expect(slow.outcomes).toEqual([]);
  });

  it('has room again when a sender goes away', async () => {
    const receiver = new BodyReceiver(100 * KB);
    const slow = await new Upload(receiver).send(90 * KB);
    slow.stream.destroy();
    await nextTurn();
    expect(slow.outcomes).toEqual([400]);
    const next = await (await new Upload(receiver).send(90 * KB)).end();
    expect(next.outcomes).toEqual(['x'.repeat(90 * KB)]);
  });
});
