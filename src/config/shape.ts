import { getMetadataStorage } from 'class-validator';

/** An object of the connections file, its members not yet looked at. */
export type Members = Readonly<Record<string, unknown>>;

/** A class that says with class-validator what an object may hold. A message completes the sentence "give …". */
export interface Dto {
  new (): object;
  /** The members that are objects themselves. */
  readonly nested?: Readonly<Record<string, Shape>>;
  /** The members that are given by reference only, beside those of `secret-members.ts`. */
  readonly secrets?: ReadonlySet<string>;
}

/** An object whose members the author names, such as headers. Says what is wrong with each, without showing values. */
export type FreeNames = (members: Members) => readonly { readonly name: string; readonly sentence: string }[];

/**
 * Which class reads an object: one for all, the one that a member of it names (`"kind": "slack"`), or the one whose
 * telling member is there; or no class, where the author names the members.
 */
export type Shape =
  | Dto
  | { readonly namedBy: string; readonly of: Readonly<Record<string, Dto>> }
  | { readonly toldBy: Readonly<Record<string, Dto>> }
  | { readonly freeNames: FreeNames };

export function memberNames(dto: Dto): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}
