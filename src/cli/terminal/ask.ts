import { createInterface } from 'node:readline/promises';

/** Asks a question to which only yes or no is an answer; undefined when nobody is there to answer. */
export type Ask = (question: string) => Promise<boolean | undefined>;

/** Asks whoever sits at the terminal. */
export async function askPerson(question: string): Promise<boolean | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}
