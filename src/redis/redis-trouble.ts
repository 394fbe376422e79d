const WORDS: readonly (readonly [RegExp, string])[] = [
  [/enableOfflineQueue|Connection is closed|max retries per request/, 'Redis cannot be reached'],
  [/^OOM /, 'Redis is full: it uses all of its maxmemory'],
];

/**
 * An error of Redis or of a connection to it, as a sentence for a person: what ioredis says of a Redis that is away is
 * about its own options, and what Redis says when it is full names another script each time.
 */
export function redisTrouble(error: unknown): string {
  return knownTrouble(error) ?? (error instanceof Error ? error.message : String(error));
}

/** The same; undefined when it is neither away nor full. */
export function knownTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return WORDS.find(([pattern]) => pattern.test(error.message))?.[1];
}
