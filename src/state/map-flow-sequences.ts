import type { FlowPlace, Passage, Passed } from '../contracts/flow.js';
import { FIRST_PARTS, LATENESS_MS } from './flow-limits.js';
import type { FirstPart, MapOwners } from './map-flow-owners.js';
import type { MapWaits } from './map-flow-waits.js';

type Sequence = NonNullable<Passage['sequence']>;

/** Where the two parts of sequences meet, in maps. */
export class MapSequences {
  constructor(
    private readonly owners: MapOwners,
    private readonly waits: MapWaits,
  ) {}

  firstPart(passage: Passage, { kind, place, withinMs }: Sequence, id: string): Passed {
    if (!this.owners.mayWait(passage, place)) return { kind: 'nothing' };
    const event = passage.kept.event.id;
    const parts = this.owners.partsAt(place);
    const same = parts.find((part) => part.event === event);
    if (same !== undefined) return { kind: 'waiting', until: same.ends };

    const { time, receivedAt } = passage;
    const ends = (kind === 'then' ? time : Math.max(time, receivedAt)) + withinMs;
    const reference = this.owners.keep(passage, place, id);
    const earlier = kind === 'then' ? this.withoutStale(parts, time - withinMs) : parts;
    this.owners.putParts(place, [...earlier, { ...reference, event, time, ends }]);
    if (kind === 'unless') {
      this.waits.start(passage, place, id, { step: 'absent', due: ends, members: [reference] });
    }
    return { kind: 'waiting', until: ends };
  }

  /** The earliest that waits for this event, which waits no longer. */
  take(passage: Passage, sequence: Sequence): FirstPart | undefined {
    const [earliest] = this.inWindow(passage, sequence)
      .filter((part) => this.owners.recall(part) !== undefined)
      .sort((a, b) => a.time - b.time);
    if (earliest !== undefined) this.remove(sequence.place, [earliest]);
    return earliest;
  }

  endAbsences(passage: Passage, sequence: Sequence): Passed {
    const ended = this.inWindow(passage, sequence);
    const known = ended.filter((part) => this.owners.recall(part) !== undefined);
    this.remove(sequence.place, ended);
    this.owners.forget(...ended);
    for (const { id } of ended) this.waits.end(sequence.place.owner, id);
    return known.length === 0
      ? { kind: 'nothing' }
      : { kind: 'ended', eventIds: known.map(({ event }) => event) };
  }

  private inWindow({ time, kept }: Passage, { place, withinMs }: Sequence): FirstPart[] {
    return this.owners
      .partsAt(place)
      .filter((part) => part.event !== kept.event.id && part.time <= time && time - part.time <= withinMs);
  }

  private withoutStale(parts: readonly FirstPart[], windowBegins: number): readonly FirstPart[] {
    const fresh = parts.filter(({ time }) => time >= windowBegins - LATENESS_MS).slice(1 - FIRST_PARTS);
    this.owners.forget(...parts.filter((part) => !fresh.includes(part)));
    return fresh;
  }

  private remove(place: FlowPlace, gone: readonly FirstPart[]): void {
    const parts = this.owners.partsAt(place);
    this.owners.putParts(
      place,
      parts.filter((part) => !gone.includes(part)),
    );
  }
}
