import { distance } from 'fastest-levenshtein';

/** Longer words cannot be slips for a known one, and comparing them costs time. */
const LONGEST = 200;

/** The known word that somebody most likely meant, or undefined when none is close. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 2.5)) + 1;
  for (const candidate of known) {
    const apart = isSwap(lower, candidate.toLowerCase()) ? 1 : distance(lower, candidate.toLowerCase());
    if (apart >= bestDistance || candidate === word) continue;
    best = candidate;
    bestDistance = apart;
  }
  return best;
}

/** Two neighbouring letters the wrong way round: one slip of the fingers, though two edits. */
function isSwap(word: string, known: string): boolean {
  if (word.length !== known.length) return false;
  const at = word.split('').findIndex((letter, index) => letter !== known[index]);
  if (at === -1) return false;
  return known === word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2);
}
