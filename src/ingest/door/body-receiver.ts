import type { Readable } from 'node:stream';
import { badRequest, DoorError, unavailable } from './door-error.js';

/** Above Adobe's 2 MB a batch: a body over the limit is answered 413, and Adobe never sends it again. */
const BODY_LIMIT = 3 * 1024 * 1024;
/** Bytes of bodies that are still coming in, of all requests together. */
const MAX_RECEIVING = 128 * 1024 * 1024;
/** So much of each body always gets in: whoever fills the memory with large bodies keeps no small ones out. */
const ALWAYS_TAKEN = 16 * 1024;

export type BodyDone = (error: Error | null, body?: Buffer) => void;

/**
 * Takes in bodies whole. Nobody has shown yet who he is when his body comes, so what all of them together may hold in
 * memory is bounded as well as what one may.
 */
export class BodyReceiver {
  private receiving = 0;

  constructor(private readonly most = MAX_RECEIVING) {}

  /** `announced`: the Content-Length, NaN when there is none. Calls `done` once, with the bytes or the answer to give. */
  receive(payload: Readable, announced: number, done: BodyDone): void {
    if (announced > BODY_LIMIT) {
      done(tooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    const finish: BodyDone = (error, body) => {
      payload.off('data', take).off('end', whole).off('error', cut).off('close', cut);
      this.receiving -= length;
      // An aborted request may report its end more than once.
      payload.on('error', () => undefined);
      done(error, body);
    };
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      this.receiving += chunk.length;
      if (length > BODY_LIMIT) finish(tooLarge());
      else if (this.receiving > this.most && length > ALWAYS_TAKEN)
        finish(unavailable('overloaded', 'Too much is coming in at once; send it again later.'));
    };
    const whole = (): void => {
      finish(null, Buffer.concat(chunks, length));
    };
    const cut = (): void => {
      finish(badRequest('incomplete_body', 'The connection ended inside the body.'));
    };
    payload.on('data', take).on('end', whole).on('error', cut).on('close', cut);
  }
}

function tooLarge(): DoorError {
  return new DoorError(413, 'body_too_large', `A body may have ${BODY_LIMIT} bytes.`);
}
