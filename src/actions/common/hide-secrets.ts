/** Shorter texts are no secrets, and hiding them would garble all that is told. */
const SHORTEST = 4;
/** A part of a URL that is as long may be a key. */
const SHORTEST_PART = 8;
/** A part of a path that is no key: masking it would garble what is told. */
const WORD = /^[a-z-]*$/;
const MASK = '***';

/**
 * Masks every secret of a connection in a text: as it is, as it stands in a URL and as it stands in JSON, and of a
 * secret URL also what follows its origin.
 */
export function hideSecrets(secrets: readonly string[]): (text: string) => string {
  const masked = new Map(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf));
  // The longest first: one that is part of another would leave the rest of it.
  const all = [...masked].sort(([a], [b]) => b.length - a.length);
  return (text) => all.reduce((told, [form, mask]) => told.replaceAll(form, mask), text);
}

function formsOf(secret: string): [form: string, mask: string][] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const plain = [secret, inJson, encodeURIComponent(Buffer.from(secret).toString())];
  if (!URL.canParse(secret)) return plain.map((form) => [form, MASK]);
  const { origin, pathname, search, password, searchParams, href } = new URL(secret);
  const whole = origin === 'null' ? MASK : `${origin}/${MASK}`;
  const segments = pathname.split('/').filter((segment) => !WORD.test(segment));
  const parts = [pathname, pathname + search, password, ...segments, ...searchParams.values()];
  return [
    ...[...plain, href].map((form): [string, string] => [form, whole]),
    ...parts.filter((part) => part.length >= SHORTEST_PART).map((part): [string, string] => [part, MASK]),
  ];
}
