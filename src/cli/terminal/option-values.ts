import { InvalidArgumentError } from 'commander';

/** Reads the value of an option such as `--limit`. Throws what commander prints when it is no whole number from 1. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}
