/** An object that came as JSON; what its members hold is to be looked at before use. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What the text, or the bytes in UTF-8, hold as JSON; undefined when they are none. */
export function parseJson(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** True for `{…}`; false for arrays, null and everything else. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
