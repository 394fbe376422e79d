/**
 * One change of a number in Redis, told by the room that knows what it means and made by the room that knows when it
 * is true: a count belongs into the same step as the thing it counts, or a crash between the two makes it wrong.
 * `add` changes the field of the hash by that much; `raiseTo` sets it, unless it is higher already.
 */
export type Tally = {
  /** Key of a hash in the slot of the queues. */
  readonly key: string;
  readonly field: string;
  /** Seconds that the hash is kept after its last change; for ever unless given. */
  readonly keepSeconds?: number;
} & ({ readonly add: number } | { readonly raiseTo: number });
