import { nearest } from '../../contracts/nearest.js';
import type { Position } from '../loading/problem.js';

/** Something in a template that works, but hardly as its author meant it. */
export interface TemplateWarning extends Position {
  readonly message: string;
}

/** A template that cannot be compiled, or that failed while it was rendered. The message is one plain sentence. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly line: number;
  readonly column: number;

  constructor(
    message: string,
    at: Position,
    /** Members and indexes that lead to the text inside the action's parameters; empty for a text on its own. */
    readonly path: readonly (string | number)[] = [],
  ) {
    super(message);
    this.line = at.line;
    this.column = at.column;
  }
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** ` Did you mean …?` for the closest of the names, or nothing when none is close. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const name = nearest(word, names);
  return name === undefined ? '' : ` Did you mean \`${name}\`?`;
}
