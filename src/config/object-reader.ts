import { validateSync } from 'class-validator';
import type { JSONPath } from 'jsonc-parser';
import { isJsonObject } from '../contracts/json.js';
import type { ConnectionsText } from './connections-text.js';
import { QUOTING } from './custom-check.js';
import { SECRET_MEMBERS } from './secret-members.js';
import { resolveMember, type SecretSources } from './secret-references.js';
import { type Dto, type FreeNames, memberNames, type Members, type Shape } from './shape.js';

type ClassShape = Exclude<Shape, { freeNames: FreeNames }>;

/** Reads objects of the connections file by their shapes, at any depth, and tells what is wrong where it stands. */
export class ObjectReader {
  constructor(
    private readonly text: ConnectionsText,
    private readonly secrets: SecretSources,
  ) {}

  /** The object with its references followed and its defaults; undefined when nobody can say what it should be. */
  read(at: JSONPath, value: unknown, shape: Shape): Members | undefined {
    if (!isJsonObject(value)) {
      this.text.problem(at, `give an object with ${membersOf(shape)}`);
      return undefined;
    }
    if ('freeNames' in shape) return this.readFreely(at, value, shape.freeNames);
    const dto = this.dtoFor(at, value, shape);
    return dto === undefined ? undefined : this.readMembers(at, value, dto);
  }

  private readFreely(at: JSONPath, entry: Members, problemsOf: FreeNames): Members {
    const members = Object.entries(entry).map(([name, value]): [string, unknown] => [
      name,
      this.readMember([...at, name], SECRET_MEMBERS.has(name.toLowerCase()), value, undefined),
    ]);
    const read = Object.fromEntries(members.filter(([, value]) => value !== undefined));
    for (const { name, sentence } of problemsOf(read)) this.text.problem([...at, name], sentence);
    return read;
  }

  private dtoFor(at: JSONPath, value: Members, shape: ClassShape): Dto | undefined {
    if ('namedBy' in shape) return this.named(at, value[shape.namedBy], shape);
    if (!('toldBy' in shape)) return shape;
    const [told, other] = Object.entries(shape.toldBy).filter(([name]) => Object.hasOwn(value, name));
    if (told !== undefined && other === undefined) return told[1];
    const known = [...new Set(Object.values(shape.toldBy).flatMap(memberNames))];
    for (const name of Object.keys(value).filter((key) => !known.includes(key)))
      this.text.unknownWord([...at, name], 'member', name, known);
    this.text.problem(
      at,
      told === undefined ? `give ${membersOf(shape)}` : `give ${membersOf(shape)}, not both`,
    );
    return undefined;
  }

  private named(
    at: JSONPath,
    word: unknown,
    { namedBy, of }: Extract<Shape, { namedBy: string }>,
  ): Dto | undefined {
    if (typeof word === 'string' && Object.hasOwn(of, word)) return of[word];
    const known = Object.keys(of);
    if (typeof word === 'string') this.text.unknownWord([...at, namedBy], namedBy, word, known);
    else if (word === undefined)
      this.text.problem([...at, namedBy], `it is missing: give one of ${known.join(', ')}`);
    else this.text.problem([...at, namedBy], `give one of ${known.join(', ')}`);
    return undefined;
  }

  private readMembers(at: JSONPath, entry: Members, dto: Dto): Members {
    const known = memberNames(dto);
    const failed = new Set<string>();
    const found: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(entry)) {
      if (!known.includes(name)) this.text.unknownWord([...at, name], 'member', name, known);
      else {
        const isSecret = SECRET_MEMBERS.has(name) || dto.secrets?.has(name) === true;
        const member = this.readMember([...at, name], isSecret, value, dto.nested?.[name]);
        if (member === undefined) failed.add(name);
        else found[name] = member;
      }
    }
    const object = Object.assign(new dto(), found);
    for (const { property, constraints } of validateSync(object)) {
      if (failed.has(property)) continue;
      const [[check, form] = []] = Object.entries(constraints ?? {});
      // What came by reference may be a secret.
      const hidden = check === QUOTING && entry[property] !== found[property];
      const wanted = hidden ? 'the text itself here, not a reference to it' : (form ?? '');
      const missing = property in found ? '' : 'it is missing: ';
      this.text.problem([...at, property], `${missing}give ${wanted}`);
    }
    return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
  }

  private readMember(at: JSONPath, isSecret: boolean, value: unknown, shape: Shape | undefined): unknown {
    if (value === null) {
      this.text.problem(at, 'null says nothing: give a value, or leave it out');
      return undefined;
    }
    if (shape !== undefined) return this.read(at, value, shape);
    const { value: resolved, problems } = resolveMember(
      { name: String(at.at(-1)), isSecret },
      value,
      this.secrets,
    );
    for (const { within, problem } of problems) this.text.problem([...at, ...within], problem);
    return problems.length > 0 ? undefined : resolved;
  }
}

function membersOf(shape: Shape): string {
  if ('namedBy' in shape) return `a ${shape.namedBy}`;
  if ('freeNames' in shape) return 'names of your own';
  if ('toldBy' in shape) return Object.values(shape.toldBy).map(membersOf).join(', or ');
  const names = memberNames(shape);
  return names.length === 1 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
