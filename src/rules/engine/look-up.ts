/** Is handed those that may match. */
export interface Visitor<C> {
  visit(candidate: C): void;
}

/** Finds candidates by what must be true of one fact, without a look at the others. Never changes. */
export interface LookUp<C> {
  /** @param fact as the view of the criteria gives it */
  find(fact: unknown, visitor: Visitor<C>): void;
}
