import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DestinationKind } from '../../../src/contracts/connections.js';
import type { Problem } from '../../../src/rules/loading/problem.js';
import { readRuleFolder } from '../../../src/rules/loading/rule-folder.js';

const FOLDER = join(import.meta.dirname, 'bad-rules');
const destinations: Record<string, DestinationKind> = {
  ops: 'slack',
  oncall: 'email',
  receiver: 'webhook',
  marketo: 'marketo',
};

/** As the first lines of each file say it: `// 7:52 error operator.unknown: unknown operator "equals" → equal`. */
function expectation({ line, column, severity, code, message, suggestion }: Problem): string {
  const hint = suggestion === undefined ? '' : ` → ${suggestion}`;
  return `// ${line}:${column} ${severity} ${code}: ${message}${hint}`;
}

describe('each bad file, whose first lines say what is wrong with it', () => {
  const reading = readRuleFolder(FOLDER, { destinations });

  it('is told of as expected', async () => {
    const { files, problems } = await reading;
    expect(files.length).toBeGreaterThan(160);
    for (const file of files) {
      const lines = readFileSync(join(dirname(FOLDER), file), 'utf8').split('\n');
      const expected = lines.filter((line) => /^\/\/ \d+:\d+ /.test(line));
      const found = problems.filter((problem) => problem.file === file).map(expectation);
      expect({ file, found }).toEqual({ file, found: expected });
    }
  }, 20_000);

  it('is out of force when it has an error, and in force when it has warnings alone', async () => {
    const { sources, problems } = await reading;
    const inForce = new Set(sources.rules.map(({ id }) => id));
    for (const { file, severity } of problems.filter(({ file }) => !/\/(conditions|lists)\//.test(file))) {
      if (severity === 'error') expect(inForce).not.toContain(basename(file, '.json'));
    }
    expect(inForce).toContain('trap-part-of-text');
    expect(Object.keys(sources.conditions)).toEqual(['is-customer', 'often-here']);
    expect(sources.lists).toEqual({ competitor: ['rival.example', 'other.example'] });
  });
});
