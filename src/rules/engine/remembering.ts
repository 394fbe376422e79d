/** So many answers are remembered at once. */
const MOST = 1_000;

/**
 * A function that remembers what it worked out for a text, for work that takes long and is asked for again and again.
 * Only for functions whose answer depends on the text alone.
 */
export function remembering<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const answer = work(text);
    if (known.size >= MOST) known.clear();
    known.set(text, answer);
    return answer;
  };
}
