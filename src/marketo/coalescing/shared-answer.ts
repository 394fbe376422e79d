import type { GivenAnswer } from '../../contracts/attempt.js';
import { isJsonObject, parseJson } from '../../contracts/json.js';

/**
 * What an answer to a call that several effects share says of all of them: its id, whether it was taken, and the codes of its
 * errors. It is kept with each, and anything else in it may name the leads of the others, who may be erased.
 */
export function sharedAnswer(answer: GivenAnswer): GivenAnswer {
  const told = parseJson(answer.text);
  if (!isJsonObject(told)) return { ...answer, text: '' };
  const { requestId, success, errors } = told;
  const codes = Array.isArray(errors) ? errors.filter(isJsonObject).map(({ code }) => ({ code })) : undefined;
  return { ...answer, text: JSON.stringify({ requestId, success, errors: codes }) };
}
