import type { Priority } from '../../contracts/effect.js';
import { PRIORITIES } from '../../contracts/effect.js';
import { transient } from '../../contracts/failure.js';
import { shownBody, shownText } from '../../http/shown-exchange.js';
import type { MarketoAnswer } from '../marketo-client.js';
import type { CallPart, ToldRow } from './shared-call.js';

/** A part of a call and the effect that waits for what becomes of it. */
export class WaitingPart {
  readonly bytes: number;
  readonly told: Promise<ToldRow>;
  private resolve!: (row: ToldRow) => void;
  private reject!: (error: unknown) => void;
  private isOver = false;
  private isSent = false;

  constructor(readonly part: CallPart) {
    this.bytes = Buffer.byteLength(JSON.stringify(part.row)) + 1;
    this.told = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const late = () => {
      this.late();
    };
    part.signal.addEventListener('abort', late);
    if (part.signal.aborted) this.late();
    const done = () => {
      this.isOver = true;
      part.signal.removeEventListener('abort', late);
    };
    this.told.then(done, done);
  }

  get isWaiting(): boolean {
    return !this.isOver;
  }

  /** It goes with a call, together with so many in all. */
  sent(together: number): void {
    this.isSent = true;
    const { instance, call, row, trace } = this.part;
    const { method, path, body } = call.request([row]);
    trace.sent({
      method,
      target: `${instance.origin}${path}`,
      ...(body === undefined ? {} : { body: shownBody(JSON.stringify(body)) }),
      ...(together === 1 ? {} : { together }),
    });
  }

  succeeded({ requestId, rows }: MarketoAnswer, index: number): void {
    const { call, row, trace } = this.part;
    const told = call.told === undefined ? rows[index] : call.told(rows, index, row);
    const shown = { requestId, success: true, result: told === undefined ? [] : [told] };
    trace.answered({ status: 200, text: shownText(JSON.stringify(shown)) });
    this.resolve(told);
  }

  failed(error: unknown): void {
    this.reject(error);
  }

  private late(): void {
    this.isOver = true;
    const { method } = this.part.call.request([this.part.row]);
    const outcomeUnknown = this.isSent && method !== 'GET';
    const message = outcomeUnknown ? 'Marketo did not answer in time' : 'Marketo was not called in time';
    this.reject(transient('http.timeout', message, { outcomeUnknown }));
  }
}

/** That of the part that matters most. */
export function highestPriority(parts: readonly WaitingPart[]): Priority {
  const given = new Set(parts.map(({ part }) => part.priority ?? 'normal'));
  return PRIORITIES.find((priority) => given.has(priority)) ?? 'normal';
}
