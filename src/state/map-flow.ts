import type { FlowPlace, FlowStore, HeldBack, Passage, Passed, Ripe } from '../contracts/flow.js';
import { actsAlone, answerAtOnce, isWait, NOTHING_HELD_BACK, passageId } from './flow-passage.js';
import { announced, inhibiting, takeTurn, together } from './map-flow-gates.js';
import { MapLimits } from './map-flow-limits.js';
import { MapOwners, type Reference } from './map-flow-owners.js';
import { MapSequences } from './map-flow-sequences.js';
import { MapWaits } from './map-flow-waits.js';

/** A passage with the id of its waits and the time of the clock, and what it goes on with. */
interface Going {
  readonly passage: Passage;
  readonly id: string;
  readonly now: number;
  readonly heldBack: HeldBack;
  /** The first part of a `then`, with whom it goes on. */
  readonly taken?: Reference & { readonly event: string };
}

/** Flows in maps, for as long as a trial lasts: nothing expires. */
export class MapFlow implements FlowStore {
  private readonly owners = new MapOwners();
  private readonly waits = new MapWaits(this.owners);
  private readonly sequences = new MapSequences(this.owners, this.waits);
  private readonly limits = new MapLimits();
  private readonly memos = new Map<string, Map<string, Passed>>();

  pass(batch: string, passages: readonly Passage[], now: number): Promise<readonly Passed[]> {
    return Promise.resolve(
      passages.map((passage) => answerAtOnce(batch, passage) ?? this.remembered(batch, passage, now)),
    );
  }

  ripe(now: number, limit: number): Promise<readonly Ripe[]> {
    return Promise.resolve(this.waits.lend(now, limit).sort((a, b) => a.dueAt - b.dueAt));
  }

  settle(ripe: readonly Ripe[]): Promise<void> {
    for (const { id } of ripe) {
      this.waits.drop(id);
      this.memos.delete(id);
    }
    return Promise.resolve();
  }

  nextDue(): Promise<number | undefined> {
    return Promise.resolve(this.waits.next());
  }

  /**
   * An owner was merged into another or, with an empty text, erased: as the memory does it in Redis, where both share a
   * hash.
   */
  end(owner: string, into: string): void {
    this.owners.end(owner, into);
  }

  private remembered(batch: string, passage: Passage, now: number): Passed {
    const id = passageId(batch, passage);
    // The batch is a wait that was seen through in the meantime.
    if (isWait(batch) && this.waits.find(batch) === undefined) return { kind: 'nothing' };
    const memo = this.memos.get(batch) ?? new Map<string, Passed>();
    const known = memo.get(id);
    if (known !== undefined) return known;
    const answer = this.answerTo({
      passage,
      id,
      now,
      heldBack: passage.waited?.heldBack ?? NOTHING_HELD_BACK,
    });
    this.memos.set(batch, memo.set(id, answer));
    return answer;
  }

  private answerTo(going: Going): Passed {
    const { passage, id } = going;
    const { step, sequence, again, suppressed } = passage;
    if (sequence !== undefined && step === 'unless') return this.sequences.endAbsences(passage, sequence);
    if (sequence !== undefined && step === 'then') return this.secondPart(going, sequence);
    if (suppressed) return { kind: 'suppressed' };
    if (again !== undefined && step === 'undecided') return this.waitForJudgement(going, again);
    if (sequence !== undefined && step === 'match') return this.sequences.firstPart(passage, sequence, id);
    if (step === 'opened') return this.behindHours(going);
    return step === 'gathered' ? this.act(going) : this.behindSequence(going);
  }

  private secondPart(going: Going, sequence: NonNullable<Passage['sequence']>): Passed {
    const taken = this.sequences.take(going.passage, sequence);
    if (taken === undefined) return { kind: 'nothing' };
    const answer: Passed = going.passage.suppressed
      ? { kind: 'suppressed' }
      : this.behindSequence({ ...going, taken });
    if (answer.kind !== 'grouped' && answer.kind !== 'deferred') this.owners.forget(taken);
    return answer;
  }

  private waitForJudgement({ passage, id }: Going, { place, at }: NonNullable<Passage['again']>): Passed {
    if (!this.owners.mayWait(passage, place)) return { kind: 'nothing' };
    const members = [this.owners.keep(passage, place, id)];
    this.waits.start(passage, place, id, { step: 'undecided', due: at, members });
    return { kind: 'waiting', until: at };
  }

  private behindSequence(going: Going): Passed {
    const { passage, taken } = going;
    const { time, inhibitors, throttle, notBefore } = passage;
    for (const { by, place, withinMs } of inhibitors) {
      const last = inhibiting(this.owners.announcementsAt(place), time, withinMs);
      if (last !== undefined) return { kind: 'inhibited', by, until: last + withinMs };
    }
    let { heldBack } = going;
    if (throttle !== undefined) {
      const turn = this.turnOf(throttle, taken?.event ?? passage.kept.event.id, time);
      if ('until' in turn) return { kind: 'throttled', until: turn.until };
      heldBack = together(heldBack, turn);
    }
    const onward = { ...going, heldBack };
    return notBefore !== undefined && this.owners.mayWait(passage, notBefore.place)
      ? this.defer(onward, notBefore)
      : this.behindHours(onward);
  }

  private turnOf(
    { place, everyMs }: NonNullable<Passage['throttle']>,
    event: string,
    time: number,
  ): ReturnType<typeof takeTurn>['turn'] {
    if (this.owners.hasEnded(place.owner)) return NOTHING_HELD_BACK;
    const { state, turn } = takeTurn(this.owners.throttleAt(place), event, time, everyMs);
    this.owners.at(place.owner).throttles.set(place.field, state);
    return turn;
  }

  private defer(
    { passage, id, heldBack, taken }: Going,
    { place, at }: NonNullable<Passage['notBefore']>,
  ): Passed {
    const own = this.owners.keep(passage, place, id);
    const together = taken === undefined ? { members: [own] } : { members: [taken], follow: own };
    this.waits.start(passage, place, id, { step: 'opened', due: at, ...together, heldBack });
    return { kind: 'deferred', until: at };
  }

  private behindHours(going: Going): Passed {
    const { passage } = going;
    const { group } = passage;
    return group !== undefined && this.owners.mayWait(passage, group.place)
      ? this.gather(going, group)
      : this.act(going);
  }

  private gather(going: Going, { place, waitMs, max }: NonNullable<Passage['group']>): Passed {
    const { passage, id, now, taken } = going;
    const open = this.waits.groupAt(place);
    const heldBack = together(open?.heldBack ?? NOTHING_HELD_BACK, going.heldBack);
    const earlier = open?.members ?? [];
    if (earlier.length + 1 >= max) {
      const acts = this.act(going, earlier);
      const members = [...this.owners.recallAll(earlier), ...acts.members];
      if (open !== undefined) this.close(place, open.id, earlier);
      const { held } = acts;
      return { kind: 'acts', members, heldBack, ...(held && { held }) };
    }
    const members = [...earlier, taken ?? this.owners.keep(passage, place, id)];
    if (open !== undefined) {
      this.waits.join(place.owner, { ...open, members, heldBack });
      return { kind: 'grouped', until: open.due };
    }
    const due = Math.max(passage.receivedAt, now) + waitMs;
    this.waits.start(passage, place, id, { step: 'gathered', due, members, heldBack });
    this.owners.at(place.owner).groups.set(place.field, id);
    return { kind: 'grouped', until: due };
  }

  /** A group that acts at once, because it is full. */
  private close({ owner, field }: FlowPlace, id: string, members: readonly Reference[]): void {
    this.owners.at(owner).groups.delete(field);
    this.waits.end(owner, id);
    this.owners.forget(...members);
  }

  /** `joined`: others with whom it acts. */
  private act(
    { passage, now, id, heldBack, taken }: Going,
    joined: readonly Reference[] = [],
  ): Passed & { kind: 'acts' } {
    const together = taken === undefined ? joined : [...joined, taken];
    const held = this.limits.holdingOf({ passage, id, now, together });
    for (const { place } of held === undefined ? passage.announces : []) {
      if (this.owners.hasEnded(place.owner)) continue;
      const times = announced(this.owners.announcementsAt(place), passage.time);
      this.owners.at(place.owner).announcements.set(place.field, times);
    }
    const alone = { ...actsAlone(passage, heldBack), ...(held && { held }) };
    const first = taken && this.owners.recall(taken);
    return first === undefined ? alone : { ...alone, members: [first], follow: passage.kept };
  }
}
