import { Injectable } from '@nestjs/common';
import { ACTION_SCHEMAS } from '../actions/action-schemas.js';
import type { TakeBack } from '../contracts/action-kind.js';
import { systemClock } from '../contracts/clock.js';
import { undoId } from '../contracts/effect-id.js';
import type { Effect, Priority } from '../contracts/effect.js';
import { effectTallies } from '../journal/completeness-tallies.js';
import { ActionsQueue } from '../queues/actions-queue.js';
import { LateTallies } from '../queues/late-tallies.js';
import { EffectLedger } from './effect-ledger.js';
import { EffectSearch } from './effect-search.js';
import type { LedgerEntry } from './ledger-entry.js';

const AT_ONCE = 500;

/** What is to be taken back: whatever ended within this time. Epoch milliseconds. */
export interface UndoRequest {
  /** Id of the rule, or with `*` at its end how it begins. */
  readonly rule: string;
  readonly since: number;
  readonly until: number;
}

/** An effect that can be taken back, and how. */
export interface Undoable {
  readonly entry: LedgerEntry;
  readonly by: Extract<TakeBack, { readonly type: string }>;
}

export interface NotUndoable {
  readonly entry: LedgerEntry;
  /** One sentence. */
  readonly why: string;
}

/** An effect that was to be taken back before; what would have done so was given up and is a dead letter. */
export interface UndoGivenUp {
  readonly entry: LedgerEntry;
  /** Why, as the ledger has it. */
  readonly why: string;
}

export interface UndoPlan {
  /** What was done first comes first. */
  readonly undoable: readonly Undoable[];
  readonly notUndoable: readonly NotUndoable[];
  readonly givenUp: readonly UndoGivenUp[];
}

/** Takes back what a rule did, as far as that can be taken back. */
@Injectable()
export class Undo {
  constructor(
    private readonly search: EffectSearch,
    private readonly ledger: EffectLedger,
    private readonly actions: ActionsQueue,
    private readonly tallies: LateTallies,
  ) {}

  /** What could be taken back, and what could not. Nothing that was taken back already, or that takes back itself. */
  async plan({ rule, since, until }: UndoRequest): Promise<UndoPlan> {
    const all: Undoable[] = [];
    const notUndoable: NotUndoable[] = [];
    let cursor: string | undefined;
    do {
      const found = await this.search.search({ rule, since, until }, AT_ONCE, cursor);
      for (const entry of found.entries) {
        const answer = entry.effect.undoes === undefined ? takeBack(entry) : undefined;
        if (answer === undefined) continue;
        if ('type' in answer) all.push({ entry, by: answer });
        else notUndoable.push({ entry, why: answer.cannot });
      }
      cursor = found.cursor;
    } while (cursor !== undefined);
    return { ...(await this.split(all.reverse())), notUndoable: notUndoable.reverse() };
  }

  /** Queued once more, what was given up would stay the dead letter that it is. */
  private async split(all: readonly Undoable[]): Promise<Pick<UndoPlan, 'undoable' | 'givenUp'>> {
    const undoable: Undoable[] = [];
    const givenUp: UndoGivenUp[] = [];
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const some = all.slice(from, from + AT_ONCE);
      const before = await Promise.all(some.map(({ entry }) => this.ledger.get(undoId(entry.id))));
      for (const [index, each] of some.entries()) {
        const { standing, reason = '' } = before[index] ?? {};
        if (standing === 'failed') givenUp.push({ entry: each.entry, why: reason });
        else undoable.push(each);
      }
    }
    return { undoable, givenUp };
  }

  /**
   * Queues what takes the effects back, each under an id that follows from that of its effect: done twice, it is done once.
   * The ledger hears that an effect was undone when that has reached its target.
   */
  async carryOut(undoable: readonly Undoable[], priority: Priority): Promise<void> {
    const decidedAt = new Date(systemClock.now()).toISOString();
    const inverses = undoable.map((each) => inverseOf(each, priority, decidedAt));
    await this.actions.addAll(inverses);
    for (let from = 0; from < inverses.length; from += AT_ONCE)
      await this.tallies.make(
        inverses.slice(from, from + AT_ONCE).map((each) => [each.id, effectTallies([each])] as const),
      );
  }
}

/** Undefined for what changed nothing. */
function takeBack({ standing, effect, plan, receipt, inDoubt }: LedgerEntry): TakeBack | undefined {
  if (standing === 'unknown' || standing === 'uncertain' || inDoubt === true)
    return { cannot: 'It is not known whether it was done.' };
  if (standing !== 'done') return undefined;
  const schema = ACTION_SCHEMAS.get(effect.type);
  if (schema?.takeBack === undefined) return { cannot: `What ${effect.type} does cannot be taken back.` };
  if ('omitted' in effect.params) return { cannot: 'What it did exactly is not known any more.' };
  const data = receipt?.data;
  return schema.takeBack({ params: effect.params, ...(plan && { plan }), ...(data && { data }) });
}

function inverseOf(
  { entry: { effect }, by: { type, params } }: Undoable,
  priority: Priority,
  decidedAt: string,
): Effect {
  const { id, to, ruleId, ruleVersion, eventId, actionIndex, origin, people, cause } = effect;
  return {
    v: 1,
    id: undoId(id),
    type,
    to,
    params: { ...params, to },
    guarantee: 'at-least-once',
    ...{ ruleId, ruleVersion, eventId, actionIndex, origin, decidedAt, priority },
    ...(people && { people }),
    ...(cause && { cause }),
    undoes: id,
  };
}
