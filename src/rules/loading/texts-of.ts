/** A member that is a text or a list of texts, as a list. */
export function textsOf(given: string | readonly string[]): readonly string[] {
  return typeof given === 'string' ? [given] : given;
}
