import { setTimeout as pause } from 'node:timers/promises';
import { Failure, transient } from '../contracts/failure.js';
import { Gathering } from './coalescing/gathering.js';
import { sharedAnswer } from './coalescing/shared-answer.js';
import { type CallPart, type SharedCall, sharedKey, type ToldRow } from './coalescing/shared-call.js';
import { Turns } from './coalescing/turns.js';
import { highestPriority, WaitingPart } from './coalescing/waiting-part.js';
import type { MarketoCalls } from './marketo-calls.js';
import type { MarketoAnswer, MarketoCall } from './marketo-client.js';
import { mayBeOneRecord } from './marketo-failure.js';

export type { CallPart, SharedCall, ToldRow } from './coalescing/shared-call.js';

/** How long an effect waits for others to share its call. */
const GATHER_MS = 100;

/**
 * Has effects share calls. Those for the same target wait shortly for each other, and as long as there is no call for
 * them; each hears what became of its own row.
 */
export class Coalescer {
  private readonly open = new Map<string, Gathering<WaitingPart>>();
  private readonly turns = new Turns();

  constructor(
    private readonly calls: Pick<MarketoCalls, 'make'>,
    private readonly gatherMs = GATHER_MS,
  ) {}

  /**
   * Sends a part with the next call that takes it, and answers what Marketo says of its row. Throws the `Failure` of that
   * call, or that of the budget if there is no call for it now.
   */
  async send(part: CallPart): Promise<ToldRow> {
    const key = sharedKey(part);
    const join = () => this.join(key, part);
    return await (part.rowKey === undefined ? join() : this.turns.run(`${key} ${part.rowKey}`, join));
  }

  private join(key: string, part: CallPart): Promise<ToldRow> {
    const waiting = new WaitingPart(part);
    if (this.open.get(key)?.add(waiting) !== true) {
      const gathering = new Gathering<WaitingPart>(part.call.most);
      gathering.add(waiting);
      this.open.set(key, gathering);
      void this.run(key, gathering);
    }
    return waiting.told;
  }

  private async run(key: string, gathering: Gathering<WaitingPart>): Promise<void> {
    await Promise.race([gathering.full, pause(this.gatherMs)]);
    await this.deliver(
      () => gathering.parts,
      () => {
        if (this.open.get(key) === gathering) this.open.delete(key);
      },
    );
  }

  /** `partsNow`: those that go when the call sets out, or fail together; nothing joins them after `leave`. */
  private async deliver(partsNow: () => readonly WaitingPart[], leave: () => void): Promise<void> {
    let sent: readonly WaitingPart[] = [];
    try {
      const answer = await this.make(partsNow, (parts) => {
        leave();
        sent = parts;
      });
      for (const [index, part] of sent.entries()) part.succeeded(answer, index);
    } catch (error) {
      leave();
      if (sent.length > 1 && isAboutOneOf(sent, error)) await this.deliverHalves(sent);
      else for (const part of partsNow()) part.failed(error);
    }
  }

  private async make(
    partsNow: () => readonly WaitingPart[],
    leave: (sent: readonly WaitingPart[]) => void,
  ): Promise<MarketoAnswer> {
    const [first] = partsNow();
    if (first === undefined) throw new Error('No call is made without a part.');
    const { instance, call } = first.part;
    const purpose = {
      ...{ kind: call.kind, timeoutMs: call.timeoutMs },
      priority: () => highestPriority(partsNow()),
    };
    return await this.calls.make(instance, purpose, () => {
      const parts = partsNow().filter(({ isWaiting }) => isWaiting);
      leave(parts);
      return together(call, parts);
    });
  }

  /** One bad record must fail alone. */
  private async deliverHalves(parts: readonly WaitingPart[]): Promise<void> {
    const middle = Math.ceil(parts.length / 2);
    const halves = [parts.slice(0, middle), parts.slice(middle)];
    await Promise.all(
      halves.map((half) =>
        this.deliver(
          () => half,
          () => undefined,
        ),
      ),
    );
  }
}

function together(call: SharedCall, parts: readonly WaitingPart[]): MarketoCall {
  if (parts.length === 0) throw transient('http.timeout', 'Nobody waited for the call any more');
  for (const part of parts) part.sent(parts.length);
  return {
    ...call.request(parts.map(({ part }) => part.row)),
    timeoutMs: call.timeoutMs,
    records: parts.length,
    heard: (answer) => {
      const shown = parts.length === 1 ? answer : sharedAnswer(answer);
      for (const { part } of parts) part.trace.answered(shown);
    },
  };
}

function isAboutOneOf([first]: readonly WaitingPart[], error: unknown): boolean {
  if (!(error instanceof Failure) || !mayBeOneRecord(error)) return false;
  return first?.part.call.forAll?.includes(error.code) !== true;
}
