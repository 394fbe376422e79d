const HIDDEN = '***';

/** Hides user and password of a URL; leaves any other text as it is. */
export function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/]*@/, `//${HIDDEN}@`);
}
