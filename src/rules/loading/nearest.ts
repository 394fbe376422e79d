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
    const apart = distance(lower, candidate.toLowerCase());
    if (apart >= bestDistance || candidate === word) continue;
    best = candidate;
    bestDistance = apart;
  }
  return best;
}

/** `"a", "b" or "c"`, at most twelve of them. */
export function listed(words: Iterable<string>): string {
  const quoted = [...words].map((word) => JSON.stringify(word));
  if (quoted.length > 12) return `${quoted.slice(0, 12).join(', ')} …`;
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
}
