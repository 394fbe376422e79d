import { hash } from 'node:crypto';

/** The first characters of a text's SHA-256 in base64url. */
export function hashOf(text: string, length: number): string {
  return hash('sha256', text, 'base64url').slice(0, length);
}
