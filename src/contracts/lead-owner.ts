import { hashOf } from './hash-of.js';

/** The lead who was asked for last: one event asks several times. */
let last = { name: '', owner: '' };

/** The owner of everything that is kept of a lead. Its id means nothing without its instance, in capitals or not. */
export function leadOwner(munchkinId: string | undefined, leadId: string): string {
  const name = JSON.stringify(['leadId', munchkinId?.toUpperCase() ?? '', leadId]);
  if (last.name !== name) last = { name, owner: hashOf(name, 16) };
  return last.owner;
}
