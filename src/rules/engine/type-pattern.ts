export function isTypePattern(text: string): boolean {
  return text.includes('*');
}

/**
 * Compiles an entry of `on`. A `*` at the very end stands for whatever follows (`marketo.audit.*` is met by
 * `marketo.audit.user.email`), a `*` at the end of an earlier segment for the rest of that segment.
 *
 * @throws Error when a `*` stands elsewhere.
 */
export function compileTypePattern(pattern: string): (type: string) => boolean {
  if (!isTypePattern(pattern)) return (type) => type === pattern;
  const segments = pattern.split('.');
  const source = segments.map((segment, index) => {
    const stem = segment.endsWith('*') ? segment.slice(0, -1) : segment;
    if (stem.includes('*')) throw new Error(`"${pattern}": a * can only end a segment`);
    const literal = stem.replace(/[\\^$+?()[\]{}|/-]/g, '\\$&');
    if (stem === segment) return literal;
    return literal + (index === segments.length - 1 ? '.*' : '[^.]*');
  });
  const expression = new RegExp(`^${source.join('\\.')}$`, 's');
  return (type) => expression.test(type);
}

/** Does an event of this type concern a rule with this `on`? */
export function typeMatches(on: readonly string[], type: string): boolean {
  return on.some((entry) => compileTypePattern(entry)(type));
}
