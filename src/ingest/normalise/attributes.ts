import { isJsonObject, type JsonObject } from '../../contracts/json.js';

/** The name that one version of Adobe's documentation gave to `Client IP Address`. */
const CLIENT_IP_MISPRINT = 'Client ID Address';
const CLIENT_IP = 'Client IP Address';

export interface Attributes {
  readonly byName: JsonObject;
  /** False when something in the list was not a named value. */
  readonly asDocumented: boolean;
}

/** Activity attributes by name, from the list `[{ name, dataType, value }]`. The last of two with one name counts. */
export function readAttributes(list: unknown): Attributes {
  if (list === undefined) return { byName: {}, asDocumented: true };
  if (!Array.isArray(list)) return { byName: isJsonObject(list) ? list : {}, asDocumented: false };
  const byName: Record<string, unknown> = {};
  let asDocumented = true;
  for (const entry of list as unknown[]) {
    const name = isJsonObject(entry) ? entry['name'] : undefined;
    if (typeof name !== 'string') asDocumented = false;
    else setOwn(byName, name, (entry as JsonObject)['value']);
  }
  if (CLIENT_IP_MISPRINT in byName && !(CLIENT_IP in byName)) byName[CLIENT_IP] = byName[CLIENT_IP_MISPRINT];
  return { byName, asDocumented };
}

/** A plain assignment to `__proto__` would change the object's prototype instead of adding a member. */
function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
