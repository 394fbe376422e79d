import type { AttemptRecord, GivenAnswer, SentRequest, Trace } from '../../contracts/attempt.js';

/** Collects what one attempt sends and is answered. Begins when it is made; `now` is epoch milliseconds. */
export class AttemptTrace implements Trace {
  private request: SentRequest | undefined;
  private answer: GivenAnswer | undefined;

  constructor(private readonly began: number) {}

  sent(request: SentRequest): void {
    this.request = request;
    this.answer = undefined;
  }

  answered(answer: GivenAnswer): void {
    this.answer = answer;
  }

  /** The destination said something to the last request. */
  get hasAnswer(): boolean {
    return this.answer !== undefined;
  }

  record(outcome: AttemptRecord['outcome'], reason: string, now: number): AttemptRecord {
    return {
      at: new Date(this.began).toISOString(),
      ms: Math.max(0, now - this.began),
      outcome,
      reason,
      ...(this.request === undefined ? {} : { request: this.request }),
      ...(this.answer === undefined ? {} : { answer: this.answer }),
    };
  }
}
