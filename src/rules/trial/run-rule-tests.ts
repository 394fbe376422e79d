import { readdir, readFile } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { error, problemOf, type Problem } from '../loading/problem.js';
import type { RuleSources } from '../rule.js';
import { readRuleTestFile } from './rule-test-file.js';
import { runRuleTest, type RuleTestResult } from './run-rule-test.js';

const ENDING = '.test.json';

export interface RuleTestReport {
  readonly results: readonly RuleTestResult[];
  /** Test files that cannot be read, or that stand beside no rule in force. */
  readonly problems: readonly Problem[];
  /** Ids of rules without a test file. */
  readonly untested: readonly string[];
}

/**
 * Runs every `<name>.test.json` under the folder, each with the one rule beside it.
 *
 * @param sources what was loaded from the same folder
 */
export async function runRuleTests(folder: string, sources: RuleSources): Promise<RuleTestReport> {
  const untested = new Map(sources.rules.map((rule) => [rule.id, rule]));
  const results: RuleTestResult[] = [];
  const problems: Problem[] = [];
  for (const path of await testFiles(folder)) {
    const id = path.slice(0, -ENDING.length).split(sep).join('/');
    const file = `${basename(folder)}/${id}${ENDING}`;
    const read = readRuleTestFile(file, await readFile(join(folder, path), 'utf8'));
    const rule = untested.get(id);
    untested.delete(id);
    problems.push(...read.problems);
    if (rule === undefined) problems.push(withoutRule(file, id));
    else for (const each of read.cases) results.push(await runRuleTest(rule, sources, each));
  }
  return { results, problems, untested: [...untested.keys()] };
}

/** Links are not followed: they could lead anywhere, and round in a circle. */
async function testFiles(folder: string, inner = ''): Promise<string[]> {
  const entries = await readdir(join(folder, inner), { withFileTypes: true });
  const paths = entries.map(async (entry) => {
    const path = join(inner, entry.name);
    if (entry.isDirectory()) return await testFiles(folder, path);
    return entry.isFile() && path.endsWith(ENDING) ? [path] : [];
  });
  return (await Promise.all(paths)).flat().sort();
}

function withoutRule(file: string, id: string): Problem {
  return problemOf(file, error('test.no-rule', `there is no rule ${id}.json without errors for it to test`));
}
