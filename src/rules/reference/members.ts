import type { TSchema } from '@sinclair/typebox';

/** One member of an object schema, as the reference tells of it. */
export interface Member {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: TSchema;
  readonly description: string;
}

export function membersOf(object: TSchema): Member[] {
  const properties = object['properties'] as Readonly<Record<string, TSchema>>;
  const required = (object['required'] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    isRequired: required.includes(name),
    schema,
    description: schema.description ?? '',
  }));
}

export function yesOrNo(isTrue: boolean): 'yes' | 'no' {
  return isTrue ? 'yes' : 'no';
}
