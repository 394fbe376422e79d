import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatProblem } from '../../src/rules/loading/problem.js';
import { readRuleFolder } from '../../src/rules/loading/rule-folder.js';
import { runRuleTests } from '../../src/rules/trial/run-rule-tests.js';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const DESTINATIONS = { ops: 'slack' } as const;
const MINE = 'rules/leads/my-first.json';
const MY_TESTS = 'rules/leads/my-first.test.json';

/** Blocks as a reader copies them: those in a list without the list's indentation. */
const BLOCKS = [...README.matchAll(/^( *)```jsonc\n([^]*?)\n\1```$/gm)].map(
  ([, indentation = '', text = '']) => text.replaceAll(new RegExp(`^${indentation}`, 'gm'), ''),
);
const [firstRule = '', hotLead = '', myRule = '', myTests = ''] = BLOCKS;

describe('the README', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'signalman-readme-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  async function read(files: Readonly<Record<string, string>>) {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, file)), { recursive: true });
      writeFileSync(join(home, file), text);
    }
    return await readRuleFolder(join(home, 'rules'), { destinations: DESTINATIONS });
  }

  it('shows rules in which the checker finds nothing', async () => {
    const { sources, problems } = await read({
      'rules/first.json': firstRule,
      'rules/hot.json': hotLead,
      [MINE]: myRule,
    });
    expect(problems.map(formatProblem)).toEqual([]);
    expect(sources.rules.map(({ id }) => id)).toEqual(['first', 'hot', 'leads/my-first']);
  });

  it('shows a test file whose cases all pass', async () => {
    const { sources } = await read({ [MINE]: myRule, [MY_TESTS]: myTests });
    const { results, problems } = await runRuleTests(join(home, 'rules'), sources);
    expect(problems).toEqual([]);
    expect(results.map(({ differences }) => differences)).toEqual([[], []]);
  });

  it('shows the very line that the checker prints for the broken rule', async () => {
    const shown = /^ *(rules\/leads\/my-first\.json:\d+:\d+ error .*)$/m.exec(README)?.[1];
    const { problems } = await read({ [MINE]: myRule.replace('containsText', 'containsTxt') });
    expect(problems.map(formatProblem)).toEqual([shown]);
  });
});
