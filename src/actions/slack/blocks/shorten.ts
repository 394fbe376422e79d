/** Cuts a text to `longest` characters, an ellipsis among them; neither half a character nor half an entity is left. */
export function shorten(text: string, longest: number): string {
  const kept = text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept.replace(/&[a-z]{0,3}$/, '')}…`;
}
