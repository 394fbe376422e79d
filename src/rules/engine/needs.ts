import type { Question } from '../memory/question.js';

/** What a condition needs that an event alone may not tell. */
export interface Needs {
  readonly questions: readonly Question[];
  /** Members of the lead fact, as the rule writes them. */
  readonly leadFields: readonly string[];
}

export const NO_NEEDS: Needs = { questions: [], leadFields: [] };

export function needsNothing({ questions, leadFields }: Needs): boolean {
  return questions.length === 0 && leadFields.length === 0;
}

/** The needs of several together, each once. */
export function allNeeds(several: readonly Needs[]): Needs {
  const needing = several.filter((needs) => !needsNothing(needs));
  const [only, ...others] = needing;
  if (only === undefined || others.length === 0) return only ?? NO_NEEDS;
  const questions = new Map(needing.flatMap((needs) => needs.questions).map((each) => [each.key, each]));
  const leadFields = new Set(needing.flatMap((needs) => needs.leadFields));
  return { questions: [...questions.values()], leadFields: [...leadFields] };
}
