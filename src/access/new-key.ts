import { permanent } from '../contracts/failure.js';
import { KEY_ROLES, type KeyRole } from './key.js';

/** What a new key is to be. */
export interface NewKey {
  /** For people: who or what uses it. */
  readonly name: string;
  readonly role: KeyRole;
  readonly source?: string;
  /** The id of the key, or `cli:<user>`, that makes it. */
  readonly createdBy: string;
}

/** Names are shown on terminals and in logs, so nothing that steers them may stand there. */
export const KEY_NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,80}$/u;
export const KEY_NAME_FORM = 'a name of 1 to 80 characters in one line, such as "Grafana"';
/** As the connections file names sources. */
export const KEY_SOURCE = /^[A-Za-z0-9][\w.-]{0,200}$/;
export const KEY_SOURCE_FORM = 'the name of a source in the connections file';

/** Throws a `Failure` `key.invalid` with one sentence that says what to give. */
export function checkNewKey({ name, role, source }: NewKey): void {
  if (!KEY_NAME.test(name) || name.trim() === '') throw invalid(`Give ${KEY_NAME_FORM}.`);
  if (!KEY_ROLES.includes(role)) throw invalid(`There is no role "${role}", only ${KEY_ROLES.join(', ')}.`);
  if (source === undefined) return;
  if (role !== 'ingest') throw invalid('Only a key with the role ingest can be for one source.');
  if (!KEY_SOURCE.test(source)) throw invalid(`Give as source ${KEY_SOURCE_FORM}.`);
}

function invalid(message: string): Error {
  return permanent('key.invalid', message);
}
