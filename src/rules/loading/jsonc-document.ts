import { findNodeAtLocation, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { syntaxMessage } from '../../contracts/jsonc-syntax.js';
import { error, problemOf, type Finding, type Position, type Problem } from './problem.js';

/** Members and indexes that lead from the whole value to a part of it. */
export type Path = readonly (string | number)[];

/** Deeper values than anybody writes by hand; a bound for everything that walks them. */
const DEEPEST = 64;

/** A JSON file with comments and trailing commas, whose every part knows where it stands. */
export class JsoncDocument {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  private readonly root: Node | undefined;
  private readonly lineStarts: readonly number[];

  constructor(
    readonly file: string,
    private readonly text: string,
  ) {
    this.lineStarts = lineStartsOf(text);
    const problems: Problem[] = [];
    this.root = this.parse(problems);
    this.value = this.root === undefined ? undefined : this.valueOf(this.root, 0, problems);
    this.problems = problems;
  }

  /** Where the value that the path leads to begins. */
  placeOf(path: Path): Position {
    return this.position(this.nodeAt(path)?.offset ?? 0);
  }

  /** A finding at the value that the path leads to, or as near to it as the file goes. */
  at(path: Path, finding: Finding): Problem {
    return this.problem(this.nodeAt(path)?.offset ?? 0, finding);
  }

  /** A finding at the name of the member that the path leads to. */
  atName(path: Path, finding: Finding): Problem {
    const node = this.nodeAt(path);
    const named = node?.parent?.type === 'property' ? node.parent : node;
    return this.problem(named?.offset ?? 0, finding);
  }

  /**
   * A finding at a place inside a text value, given in the text's own lines and columns from 1. Escapes make the
   * source longer than the text, so they are counted as they are written.
   */
  inText(path: Path, place: Position, finding: Finding): Problem {
    const node = this.nodeAt(path);
    if (node?.type !== 'string') return this.at(path, finding);
    const lines = String(node.value).split('\n');
    const before = lines.slice(0, place.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    const units = before + place.column - 1;
    return this.problem(sourceOffset(this.text, node.offset + 1, node.offset + node.length, units), finding);
  }

  private problem(offset: number, finding: Finding): Problem {
    return problemOf(this.file, finding, this.position(offset));
  }

  private position(offset: number): Position {
    const index = lineIndex(this.lineStarts, offset);
    return { line: index + 1, column: offset - (this.lineStarts[index] ?? 0) + 1 };
  }

  private parse(problems: Problem[]): Node | undefined {
    const errors: ParseError[] = [];
    try {
      const root = parseTree(this.text, errors, { allowTrailingComma: true });
      const [first] = errors;
      if (first !== undefined) {
        // What follows the first slip is most often its echo.
        const message = syntaxMessage(first.error);
        problems.push(this.problem(first.offset, error('json.syntax', message)));
        return undefined;
      }
      return root;
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      problems.push(this.problem(0, error('json.too-deep', 'the values are nested too deeply')));
      return undefined;
    }
  }

  private valueOf(node: Node, depth: number, problems: Problem[]): unknown {
    if (depth > DEEPEST) {
      const message = `values can be nested ${DEEPEST} levels deep, not more`;
      if (!problems.some(({ code }) => code === 'json.too-deep')) {
        problems.push(this.problem(node.offset, error('json.too-deep', message)));
      }
      return null;
    }
    const children = node.children ?? [];
    if (node.type === 'array') return children.map((child) => this.valueOf(child, depth + 1, problems));
    return node.type === 'object' ? this.objectOf(children, depth + 1, problems) : node.value;
  }

  private objectOf(properties: readonly Node[], depth: number, problems: Problem[]): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (const { children = [] } of properties) {
      const [key, node] = children;
      if (key === undefined || node === undefined) continue;
      const name = String(key.value);
      const value = this.valueOf(node, depth, problems);
      if (name === '__proto__') {
        problems.push(
          this.problem(key.offset, error('json.reserved-name', `"${name}" is a name that cannot be used`)),
        );
        continue;
      }
      if (Object.hasOwn(object, name)) {
        const message = `"${name}" stands twice in this object, and only the last would count`;
        problems.push(this.problem(key.offset, error('json.duplicate-name', message)));
      }
      object[name] = value;
    }
    return object;
  }

  private nodeAt(path: Path): Node | undefined {
    if (this.root === undefined) return undefined;
    for (let length = path.length; length > 0; length--) {
      const node = findNodeAtLocation(this.root, path.slice(0, length));
      if (node !== undefined) return node;
    }
    return this.root;
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where in the source the given UTF-16 unit of a text stands; `from` is just behind its opening quote. */
function sourceOffset(source: string, from: number, end: number, units: number): number {
  let offset = from;
  for (let unit = 0; unit < units && offset < end; unit++) {
    if (source[offset] !== '\\') offset += 1;
    else offset += source[offset + 1] === 'u' ? 6 : 2;
  }
  return offset;
}
