import { SECRET_MEMBERS } from './secret-members.js';

const HIDDEN = '***';

/** A copy of a configuration that may be printed: secrets and passwords in URLs are hidden. */
export function redacted(value: unknown): unknown {
  if (typeof value === 'string') return withoutPassword(value);
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_MEMBERS.has(name) ? HIDDEN : redacted(member),
    ]),
  );
}

/** Hides user and password of a URL; leaves any other text as it is. */
export function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/]*@/, `//${HIDDEN}@`);
}
