/** More words than these are no help to whoever looks for the right one. */
const MOST = 12;

/** `"a", "b" or "c"`, at most twelve of them. */
export function listed(words: Iterable<string>, conjunction: 'and' | 'or' = 'or'): string {
  const quoted = [...words].map((word) => JSON.stringify(word));
  if (quoted.length > MOST) return `${quoted.slice(0, MOST).join(', ')} …`;
  if (quoted.length < 2) return quoted.join('');
  return `${quoted.slice(0, -1).join(', ')} ${conjunction} ${quoted.at(-1) ?? ''}`;
}
