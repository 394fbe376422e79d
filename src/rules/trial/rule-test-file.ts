import { JsoncDocument } from '../loading/jsonc-document.js';
import { error, type Problem } from '../loading/problem.js';
import { checkShape } from '../loading/schema-findings.js';
import { RuleTestFile } from '../rule-schema.js';
import { isTime, ShortEvent } from './short-event.js';

export interface RuleTestCase extends Omit<RuleTestFile['cases'][number], 'events'> {
  readonly events: readonly ShortEvent[];
}

/** Reads the text of a `<name>.test.json`; with problems there are no cases. */
export function readRuleTestFile(
  file: string,
  text: string,
): { cases: readonly RuleTestCase[]; problems: readonly Problem[] } {
  const document = new JsoncDocument(file, text);
  const { value } = document;
  if (document.problems.length > 0) return { cases: [], problems: document.problems };
  const misshapen = checkShape(document, { schema: RuleTestFile, value });
  if (misshapen.length > 0) return { cases: [], problems: misshapen };
  const { cases } = value as RuleTestFile;
  const problems = cases.flatMap(({ events }, index) => checkEvents(document, events, index));
  return problems.length > 0 ? { cases: [], problems } : { cases, problems };
}

function checkEvents(document: JsoncDocument, events: readonly unknown[], caseIndex: number): Problem[] {
  return events.flatMap((value, index) => {
    const at = ['cases', caseIndex, 'events', index];
    const problems = checkShape(document, { schema: ShortEvent, value, at });
    const { time } = value as ShortEvent;
    if (problems.length > 0 || time === undefined || isTime(time)) return problems;
    return [
      document.at([...at, 'time'], error('test.time', `"${time}" is no time; write 2026-03-09T16:04:05Z`)),
    ];
  });
}
