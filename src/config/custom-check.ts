import { ValidateBy, type ValidationArguments } from 'class-validator';

/** Several decorators under one name. */
export function all(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, member) => {
    for (const decorator of decorators) decorator(target, member);
  };
}

/** A text for which `holds` is true. The message completes the sentence "give …". */
export function checked(
  name: string,
  holds: (text: string) => boolean,
  message: (value: unknown) => string,
): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'string' && holds(value);
  return ValidateBy(
    { name, validator: { validate } },
    { message: ({ value }: ValidationArguments) => message(value) },
  );
}

/** Name of the checks whose message quotes the text. */
export const QUOTING = 'parsed';

/** A text that `parse` can read; it says what is wrong with a text by an object with a `problem`. */
export function parsed(parse: (text: string) => object, what: string): PropertyDecorator {
  const problemOf = (text: string): string | undefined => {
    const result = parse(text);
    return 'problem' in result ? String(result.problem) : undefined;
  };
  return checked(
    QUOTING,
    (text) => text !== '' && problemOf(text) === undefined,
    (value) => {
      const problem = typeof value === 'string' && value !== '' ? problemOf(value) : undefined;
      return problem === undefined ? what : `${what}: ${problem}`;
    },
  );
}
