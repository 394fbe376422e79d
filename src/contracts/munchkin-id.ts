/** The id of a Marketo instance, such as 123-ABC-456. */
export const MUNCHKIN_ID = /^[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{3}$/i;

/** The same for every spelling of a Munchkin id. */
export function instanceKey(munchkinId: string): string {
  return munchkinId.toUpperCase();
}

/** Whether the ids name this instance, in capitals or not. */
export function namesInstance(ids: readonly string[], munchkinId: string): boolean {
  return ids.some((id) => instanceKey(id) === instanceKey(munchkinId));
}
