/** A program's own tokens as Marketo takes them. */
export function myTokens(tokens: Readonly<Record<string, string>> = {}) {
  return Object.entries(tokens).map(([name, value]) => ({ name: `{{${name}}}`, value }));
}
