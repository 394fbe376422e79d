import { createInterface } from 'node:readline/promises';
import { permanent } from '../../contracts/failure.js';

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

/** Asks before rules act on `what`. Throws a `Failure` that names --yes when nobody is there to answer. */
export async function mayActOn(what: string, question: string, ask: Ask): Promise<boolean> {
  return await confirm(`Rules will act on ${what}. ${question}`, ask);
}

/** Asks before something is done. Throws a `Failure` that names --yes when nobody is there to answer. */
export async function confirm(question: string, ask: Ask): Promise<boolean> {
  const answer = await ask(`${question} [y/N] `);
  if (answer === undefined) throw permanent('cli.ask', `Say --yes: ${question} Nobody is here to answer.`);
  return answer;
}
