import {
  type LogChange,
  type LogPlace,
  type LogsBefore,
  type LogTouch,
  type MemoryRequest,
  type MemoryStore,
  PROFILE_FIELD,
} from '../contracts/memory.js';

/** Memory in maps, for trials: nothing expires, and no batch is closed. States of the flow lie elsewhere. */
export class MapMemory implements MemoryStore {
  private readonly owners = new Map<string, Map<string, Buffer>>();
  /** Of each who has ended, into whom it was merged, or an empty text. */
  private readonly successors = new Map<string, string>();
  /** By batch what each place held. */
  private readonly memos = new Map<string, Map<string, Buffer | undefined>>();

  /** `onEnd` is told who has ended, and into whom; the flow, which lies elsewhere, ends there too. */
  constructor(private readonly onEnd: (owner: string, into: string) => void = () => undefined) {}

  exchange(batch: string, { touches, merges, erasures }: MemoryRequest): Promise<LogsBefore> {
    const memo = this.memos.get(batch) ?? new Map<string, Buffer | undefined>();
    this.memos.set(batch, memo);
    const before = touches.map((touch) => this.touch(memo, touch));
    for (const { into, from } of merges) for (const owner of from) this.end(owner, into);
    for (const owner of erasures) this.end(owner, '');
    return Promise.resolve(before);
  }

  improve(changes: readonly LogChange[]): Promise<void> {
    for (const change of changes) {
      if (change.kind === 'append') this.append(change, change.records);
      else this.replace(change, change.beginning, change.by);
    }
    return Promise.resolve();
  }

  private touch(memo: Map<string, Buffer | undefined>, touch: LogTouch): Buffer | undefined {
    const name = `${touch.owner}${touch.field}`;
    if (memo.has(name)) return memo.get(name);
    const before = this.owners.get(touch.owner)?.get(touch.field);
    memo.set(name, before);
    if (touch.append !== undefined) this.append(touch, touch.append);
    return before;
  }

  private append({ owner, field }: LogPlace, records: Buffer): void {
    if (this.successors.has(owner) || records.length === 0) return;
    const logs = this.owners.get(owner) ?? new Map<string, Buffer>();
    this.owners.set(owner, logs);
    logs.set(field, Buffer.concat([logs.get(field) ?? NOTHING, records]));
  }

  private replace({ owner, field }: LogPlace, beginning: Buffer, by: Buffer): void {
    const logs = this.owners.get(owner);
    const log = logs?.get(field);
    if (!log?.subarray(0, beginning.length).equals(beginning)) return;
    const changed = Buffer.concat([by, log.subarray(beginning.length)]);
    if (changed.length > 0) logs?.set(field, changed);
    else logs?.delete(field);
  }

  private end(owner: string, into: string): void {
    const heir = this.living(into);
    if (this.successors.has(owner) || heir === owner) return;
    if (heir !== '')
      for (const [field, log] of this.owners.get(owner) ?? [])
        if (field !== PROFILE_FIELD) this.append({ owner: heir, field }, log);
    this.owners.delete(owner);
    this.successors.set(owner, heir);
    this.onEnd(owner, heir);
  }

  /** Who has now what an owner had; an empty text when it was erased. */
  private living(owner: string): string {
    const successor = this.successors.get(owner);
    return successor === undefined ? owner : this.living(successor);
  }
}

const NOTHING = Buffer.alloc(0);
