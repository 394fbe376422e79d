import { JsoncDocument, type Path } from '../loading/jsonc-document.js';
import { error, type Problem } from '../loading/problem.js';
import { checkShape } from '../loading/schema-findings.js';
import { RuleTestFile } from './rule-test-schema.js';
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
  const problems = cases.flatMap((each, index) => checkCase(document, each, ['cases', index]));
  return problems.length > 0 ? { cases: [], problems } : { cases, problems };
}

function checkCase(
  document: JsoncDocument,
  { given, events, expect }: RuleTestFile['cases'][number],
  at: Path,
): Problem[] {
  const acted = given?.acted ?? [];
  return [
    ...acted.flatMap(({ time }, index) =>
      checkTime(document, time, [...at, 'given', 'acted', index, 'time']),
    ),
    ...events.flatMap((event, index) => checkEvent(document, event, [...at, 'events', index])),
    ...expect.flatMap((effect, index) => checkTime(document, effect.at, [...at, 'expect', index, 'at'])),
  ];
}

function checkEvent(document: JsoncDocument, event: ShortEvent, at: Path): Problem[] {
  const problems = checkShape(document, { schema: ShortEvent, value: event, at });
  return problems.length > 0 ? problems : checkTime(document, event.time, [...at, 'time']);
}

function checkTime(document: JsoncDocument, time: string | undefined, at: Path): Problem[] {
  if (time === undefined || isTime(time)) return [];
  return [document.at(at, error('test.time', `"${time}" is no time; write 2026-03-09T16:04:05Z`))];
}
