/** `refused`: surely not good, and why. `undecided`: nobody can say now, and why. Each completes "…: ". */
export type TokenVerdict = 'good' | { readonly refused: string } | { readonly undecided: string };

/** One way to find out whether a bearer token is good. */
export interface TokenCheck {
  /** Never rejects. */
  check(token: string): Promise<TokenVerdict>;
}
