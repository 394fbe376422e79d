import type { Rule, RuleSources } from '../rule.js';
import { error, problemOf, warning, type Problem } from './problem.js';
import { ProblemLog } from './problem-log.js';

const wrong = (file: string, code = 'x') => problemOf(file, error(code, 'wrong'));
const odd = (file: string) => problemOf(file, warning('x', 'odd'));

describe('the log of what is wrong in rule files', () => {
  let lines: string[];
  let log: ProblemLog;

  beforeEach(() => {
    lines = [];
    const writes = (level: string) => (line: string) => lines.push(`${level}: ${line}`);
    log = new ProblemLog({ error: writes('error'), warn: writes('warn'), log: writes('log') });
  });

  function told(problems: readonly Problem[], inForce: Partial<RuleSources> = {}, files?: readonly string[]) {
    lines = [];
    const sources = { rules: [], conditions: {}, lists: {}, ...inForce };
    log.report({ problems, inForce: sources, files: files ?? problems.map(({ file }) => file) });
    return lines;
  }

  it.each([
    ['rules/leads/a.json', 'rule'],
    ['rules/conditions/a.json', 'condition'],
    ['rules/lists/a.csv', 'list'],
  ])('says of %s whether an earlier version stays in force', (file, kind) => {
    const rules = [{ id: 'leads/a' } as Rule];
    expect(told([wrong(file)])).toEqual([`error: ${file}:1:1 error wrong; this ${kind} is not in force`]);
    told([]);
    expect(told([wrong(file)], { rules, conditions: { a: {} }, lists: { a: [] } })).toEqual([
      `error: ${file}:1:1 error wrong; the version from before stays in force`,
    ]);
  });

  it('does not take another list of the same name for an earlier version', () => {
    expect(told([wrong('rules/lists/a.json', 'list.twice')], { lists: { a: [] } })).toEqual([
      'error: rules/lists/a.json:1:1 error wrong; this list is not in force',
    ]);
  });

  it('says of a folder what is left', () => {
    expect(told([wrong('rules')])).toEqual(['error: rules:1:1 error wrong; no rule is in force']);
    told([]);
    expect(told([wrong('rules')], { rules: [{ id: 'a' } as Rule] })).toEqual([
      'error: rules:1:1 error wrong; what was read before stays in force',
    ]);
    expect(told([])).toEqual(['log: rules is in order again']);
  });

  it('tells of a problem once, and of a file once when all its problems are mended', () => {
    const both = [wrong('rules/a.json'), odd('rules/a.json')];
    expect(told(both)).toHaveLength(2);
    expect(told(both)).toEqual([]);
    const files = ['rules/a.json'];
    expect(told([odd('rules/a.json')], {}, files)).toEqual([]);
    expect(told([], {}, files)).toEqual(['log: rules/a.json is in order again']);
    expect(told([], {}, files)).toEqual([]);
    expect(told(both)).toHaveLength(2);
  });

  it('says nothing of a file that is gone', () => {
    told([wrong('rules/a.json')]);
    expect(told([], {}, ['rules/b.json'])).toEqual([]);
  });
});
