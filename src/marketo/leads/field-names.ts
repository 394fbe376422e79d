export interface NamedField {
  readonly restName: string;
  readonly displayName: string;
}

/**
 * Finds fields by names as people write them: the REST name or the display name, in capitals or not, with spaces or
 * without. What is written exactly goes before what is only alike, and REST names before display names.
 */
export class FieldNames {
  private readonly exact = new Map<string, string>();
  private readonly alike = new Map<string, string>();
  private readonly removed = new Set<string>();

  constructor(fields: readonly NamedField[]) {
    const spellings = [
      ...fields.map(({ restName }) => [restName, restName] as const),
      ...fields.map(({ displayName, restName }) => [displayName, restName] as const),
    ];
    for (const [spelling, restName] of spellings) {
      setFirst(this.exact, spelling, restName);
      setFirst(this.alike, lettersOf(spelling), restName);
    }
  }

  /** The REST name, or undefined when no field is called so. */
  find(name: string): string | undefined {
    const found = this.exact.get(name) ?? this.alike.get(lettersOf(name));
    return found === undefined || this.removed.has(found) ? undefined : found;
  }

  /** From now on no field has this REST name. */
  remove(restName: string): void {
    this.removed.add(restName);
  }
}

function setFirst(map: Map<string, string>, key: string, value: string): void {
  if (key !== '' && !map.has(key)) map.set(key, value);
}

/** Letters, their accents and digits, in small letters. */
function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
