/** An object that came as JSON; what its members hold is to be looked at before use. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for `{…}`; false for arrays, null and everything else. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
