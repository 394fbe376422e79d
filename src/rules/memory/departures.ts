import { leadOwner } from '../../contracts/lead-owner.js';
import type { Noting } from './noting.js';

const DELETED = 'marketo.activity.deletelead';
const MERGED = 'marketo.activity.mergeleads';
const MERGED_IDS = 'Merge IDs';

/** Far more than Marketo merges in one go: the end of each is remembered for days, also of ids that nobody ever had. */
const MOST_MERGED = 1_000;

/** People who leave: deleted, or merged into another. */
export class Departures {
  readonly merges: { readonly into: string; readonly from: readonly string[] }[] = [];
  readonly erasures: string[] = [];

  note(noting: Pick<Noting, 'scope' | 'person'>): void {
    const { type, munchkinId, attributes } = noting.scope.event;
    if (type !== DELETED && type !== MERGED) return;
    const { person } = noting;
    if (person === undefined) return;
    if (type === DELETED) {
      this.erasures.push(person);
      return;
    }
    const ids = [...new Set(idsIn(attributes[MERGED_IDS]))].slice(0, MOST_MERGED);
    const others = ids.map((id) => leadOwner(munchkinId, id)).filter((each) => each !== person);
    if (others.length > 0) this.merges.push({ into: person, from: others });
  }
}

/** A list of numbers or texts as REST shows it, or a text that has them in it. */
function idsIn(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((each) =>
    typeof each === 'number' ? [String(each)] : typeof each === 'string' ? (each.match(/\d+/g) ?? []) : [],
  );
}
