import type { RawBatch } from '../contracts/batch.js';
import type { JsonObject } from '../contracts/json.js';
import type { ImportOrder, RefusedRow } from './import-order.js';
import { asSent, bodyOf, misfit } from './target.js';
import type { Row } from './row.js';

/** Marketo's direct push sends as many in one delivery. */
const MOST_EVENTS = 250;
const MOST_CHARACTERS = 1024 * 1024;

interface Element {
  readonly value: JsonObject;
  readonly at: string;
  readonly raw: string;
}

export interface BuiltBatch {
  readonly batch: RawBatch;
  readonly events: number;
}

/** Gathers events of rows until they are enough for one batch. */
export class BatchBuilder {
  private elements: Element[] = [];
  private characters = 0;

  constructor(private readonly order: ImportOrder) {}

  get isFull(): boolean {
    return this.elements.length >= MOST_EVENTS || this.characters >= MOST_CHARACTERS;
  }

  /** `file`: for people. Returns what of the row could not be read. */
  add(file: string, { line, raw, said }: Row): readonly RefusedRow[] {
    const at = `${file}:${line}`;
    if ('reason' in said) return [{ at, raw, reason: said.reason }];
    const { target } = this.order;
    const refused: RefusedRow[] = [];
    for (const piece of said.pieces) {
      const reason = misfit(piece.shape, target);
      if (reason === undefined) this.elements.push({ value: asSent(piece, target.source), at, raw });
      else refused.push({ at, raw, reason });
    }
    this.characters += raw.length;
    return refused;
  }

  /**
   * Takes what was gathered, without what the worker could not read: only here it is known where in a file that
   * stands. `batch` is undefined when nothing is left.
   */
  take(receivedAt: string): {
    readonly built: BuiltBatch | undefined;
    readonly refused: readonly RefusedRow[];
  } {
    const all = this.elements;
    this.elements = [];
    this.characters = 0;
    if (all.length === 0) return { built: undefined, refused: [] };
    const whole = this.batchOf(all, receivedAt);
    const reasons = new Map(
      this.order.unreadable(whole).map(({ at, reason }) => [Number(at.split('/').at(-1)), reason]),
    );
    if (reasons.size === 0) return { built: { batch: whole, events: all.length }, refused: [] };
    const good = all.filter((_, index) => !reasons.has(index));
    const refused = [...reasons].flatMap(([index, reason]) => {
      const element = all[index];
      return element === undefined ? [] : [{ at: element.at, raw: element.raw, reason }];
    });
    const built =
      good.length === 0 ? undefined : { batch: this.batchOf(good, receivedAt), events: good.length };
    return { built, refused };
  }

  private batchOf(elements: readonly Element[], receivedAt: string): RawBatch {
    const { target, mode, run } = this.order;
    const { name, source } = target;
    const values = elements.map(({ value }) => value);
    return {
      source: name,
      kind: source.kind,
      route: 'import',
      mode,
      run,
      receivedAt,
      bodies: [bodyOf(values, source)],
    };
  }
}
