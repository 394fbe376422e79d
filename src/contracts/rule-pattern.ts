/**
 * Whether a pattern covers a rule: its id, or a text in which `*` stands for any text, such as `leads/*`. In time that is
 * linear in both, however many stars there are.
 */
export function coversRule(pattern: string, ruleId: string): boolean {
  const [head = '', ...pieces] = pattern.split('*');
  const tail = pieces.pop();
  if (tail === undefined) return ruleId === pattern;
  if (!ruleId.startsWith(head)) return false;
  let at = head.length;
  for (const piece of pieces) {
    const found = ruleId.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return ruleId.length - tail.length >= at && ruleId.endsWith(tail);
}
