/** Marketo refuses bodies of more than a megabyte. */
const MOST_BYTES = 900_000;

/** What waits to go in one call: the policy of how much goes together. */
export class Gathering<P extends { readonly bytes: number }> {
  private readonly members: P[] = [];
  private bytes = 0;
  private close!: () => void;
  /** Resolves when nothing more fits in. */
  readonly full = new Promise<void>((resolve) => {
    this.close = resolve;
  });

  /** `most`: rows that the call takes. */
  constructor(private readonly most: number) {}

  get parts(): readonly P[] {
    return this.members;
  }

  /** Adds a part if it fits in, which anything does that comes first. */
  add(part: P): boolean {
    const fits =
      this.members.length === 0 || (this.members.length < this.most && this.bytes + part.bytes <= MOST_BYTES);
    if (fits) {
      this.members.push(part);
      this.bytes += part.bytes;
    }
    if (!fits || this.members.length === this.most) this.close();
    return fits;
  }
}
