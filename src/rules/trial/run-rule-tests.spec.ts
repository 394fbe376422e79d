import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runRuleTests } from './run-rule-tests.js';

const NOTHING = { rules: [], conditions: {}, lists: {} };

describe('finding the test files of a folder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'signalman-tests-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('looks into folders, and follows no link', async () => {
    const outside = join(folder, 'outside');
    const rules = join(folder, 'rules');
    mkdirSync(outside);
    mkdirSync(join(rules, 'leads'), { recursive: true });
    writeFileSync(join(outside, 'far.test.json'), '{ "cases": [] }');
    writeFileSync(join(rules, 'leads', 'near.test.json'), '{ "cases": [] }');
    mkdirSync(join(rules, 'folder.test.json'));
    symlinkSync(outside, join(rules, 'away'));
    symlinkSync('..', join(rules, 'leads', 'round'));
    symlinkSync('/dev/zero', join(rules, 'endless.test.json'));
    const { problems } = await runRuleTests(rules, NOTHING);
    expect(new Set(problems.map(({ file }) => file))).toEqual(new Set(['rules/leads/near.test.json']));
  });
});
