import {
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  type Node,
  type ParseError,
  parseTree,
} from 'jsonc-parser';
import { permanent } from '../contracts/failure.js';
import { syntaxMessage } from '../contracts/jsonc-syntax.js';
import { nearest } from '../contracts/nearest.js';

/** The text of a connections file and what is wrong with it, each with line and column. */
export class ConnectionsText {
  private readonly problems: string[] = [];
  private readonly root: Node | undefined;

  constructor(
    private readonly file: string,
    private readonly text: string,
  ) {
    const errors: ParseError[] = [];
    this.root = parseTree(text, errors, { allowTrailingComma: true });
    // What follows the first slip is most often its echo.
    const [first] = errors;
    if (first !== undefined) this.add(first.offset, syntaxMessage(first.error));
    if (this.root !== undefined) this.refuseTwins(this.root);
    this.throwIfWrong();
  }

  get value(): unknown {
    return this.root === undefined ? undefined : (getNodeValue(this.root) as unknown);
  }

  /** `at` is the path of the member; when it is absent the problem stands where it should be. */
  problem(at: JSONPath, sentence: string): void {
    let path = at;
    let node = this.root && findNodeAtLocation(this.root, path);
    for (; node === undefined && path.length > 0; path = path.slice(0, -1)) {
      node = this.root && findNodeAtLocation(this.root, path.slice(0, -1));
    }
    this.add(
      node?.parent?.type === 'property' ? node.parent.offset : (node?.offset ?? 0),
      `${at.join('.') || 'the file'}: ${sentence}`,
    );
  }

  /** A word that is none of the known ones. */
  unknownWord(at: JSONPath, what: string, word: string, known: readonly string[]): void {
    const near = nearest(word, known);
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    this.problem(at, `there is no ${what} "${word}", only ${known.join(', ')}${hint}`);
  }

  throwIfWrong(): void {
    if (this.problems.length > 0) throw permanent('config.connections', this.problems.join('\n'));
  }

  /** Of two members with one name the first would be lost, and with it perhaps a source. */
  private refuseTwins({ type, children = [] }: Node): void {
    const names = new Set<string>();
    for (const child of children) {
      const name = type === 'object' ? String(child.children?.[0]?.value) : '';
      if (type === 'object' && names.has(name))
        this.add(child.offset, `"${name}" stands twice in this object, and only the last would count`);
      names.add(name);
      this.refuseTwins(child);
    }
  }

  private add(offset: number, sentence: string): void {
    const before = this.text.slice(0, offset).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    // One problem is one line, whatever names the file has in it.
    const line = sentence.replaceAll(/\p{Cc}/gu, ' ');
    this.problems.push(`${this.file}:${before.length}:${column}: ${line}`);
  }
}
