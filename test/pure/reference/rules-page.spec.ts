import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ACTION_SCHEMAS } from '../../../src/actions/action-schemas.js';
import { knownEventTypes } from '../../../src/catalogue/event-types.js';
import { DECORATORS } from '../../../src/rules/engine/decorators.js';
import { OPERATORS } from '../../../src/rules/engine/operators.js';
import { KNOWN_FACTS } from '../../../src/rules/loading/known-facts.js';
import { formatProblem } from '../../../src/rules/loading/problem.js';
import { readRuleFolder, type RuleFolderReading } from '../../../src/rules/loading/rule-folder.js';
import { SERIES_MEMBERS } from '../../../src/rules/loading/series-members.js';
import { REPEATS_SHOW } from '../../../src/rules/reference/mode-section.js';
import { DECORATOR_EXAMPLES, OPERATOR_EXAMPLES } from '../../../src/rules/reference/operator-examples.js';
import { rulesPage } from '../../../src/rules/reference/rules-page.js';
import { KNOWN_TOKENS, UNKNOWN_TOKENS } from '../../../src/rules/reference/templates-section.js';
import { RuleFile } from '../../../src/rules/rule-schema.js';
import { compileTemplate } from '../../../src/rules/templates/template.js';
import { runRuleTests } from '../../../src/rules/trial/run-rule-tests.js';
import { openActions } from '../../support/open-actions.js';

const ROOT = join(import.meta.dirname, '../../..');
const PAGE = rulesPage();
const DESTINATIONS = {
  ops: 'slack',
  'ops-bot': 'slack',
  oncall: 'email',
  receiver: 'webhook',
  marketo: 'marketo',
} as const;

interface Block {
  /** What stands behind the language: a path under the rules folder, or the kind of a fragment. */
  readonly mark: string;
  readonly text: string;
}

const BLOCKS: readonly Block[] = [...PAGE.matchAll(/^```(\w+) ?(\S*)\n([^]*?)\n```$/gm)].map(
  ([, , mark = '', text = '']) => ({ mark, text }),
);

/** Comparisons inside running text: each stands alone, so that none hides what is wrong with another. */
const INLINE: readonly string[] = [...PAGE.matchAll(/^- \*\*`[^`]+`\*\* .* `(\{ "fact": .*\})`$/gm)].map(
  ([, text = '']) => text,
);

const SLACK = '{ "type": "slack", "params": { "to": "ops", "text": "t" } }';

function ruleAround(kind: string, text: string): string {
  const condition = kind === 'condition' ? text : '{ "condition": "is-customer" }';
  const action = kind === 'action' ? text : SLACK;
  return `{ "description": "d", "on": "com.acme.any", "conditions": { "all": [${condition}] }, "actions": [${action}] }`;
}

function filesOf(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [index, { mark, text }] of BLOCKS.entries()) {
    const isFile = mark.startsWith('rules/');
    files.set(isFile ? mark : `rules/part-${index}.json`, isFile ? text : ruleAround(mark, text));
  }
  for (const [index, text] of INLINE.entries()) {
    files.set(`rules/inline-${index}.json`, ruleAround('condition', text));
  }
  return files;
}

describe('the reference of the rule language', () => {
  let folder = '';
  let reading: RuleFolderReading;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signalman-page-'));
    for (const [file, text] of filesOf()) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    reading = await readRuleFolder(join(folder, 'rules'), { destinations: DESTINATIONS });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is the one that the code makes: run `npx signalman schema` when this fails', () => {
    expect(readFileSync(join(ROOT, 'docs/rules.md'), 'utf8')).toBe(PAGE);
  });

  it('marks every example, so that it is checked', () => {
    expect(BLOCKS.length).toBe((PAGE.match(/^```/gm) ?? []).length / 2);
    for (const { mark } of BLOCKS) expect(mark).toMatch(/^(condition|action|rules\/.+\.(json|csv))$/);
    expect(INLINE).toHaveLength(OPERATORS.size + Object.keys(DECORATORS).length);
  });

  it('has only examples in which the checker finds nothing, but what it tells of missing fields', () => {
    const { problems } = reading;
    expect(problems.filter(({ code }) => code !== 'trap.missing-field').map(formatProblem)).toEqual([]);
    expect(problems.filter(({ file }) => !file.includes('/inline-'))).toEqual([]);
    expect(reading.sources.rules).toHaveLength(filesOf().size - countOfOthers());
  });

  it('has a test file whose cases all pass', async () => {
    const { results, problems } = await runRuleTests(join(folder, 'rules'), reading.sources);
    expect(problems).toEqual([]);
    expect(results.length).toBeGreaterThan(2);
    expect(results.flatMap(({ differences }) => differences)).toEqual([]);
  });

  it('tells of every word that there is', () => {
    const words = [
      ...KNOWN_FACTS.keys(),
      ...OPERATORS.keys(),
      ...Object.keys(DECORATORS).map((name) => `${name}:`),
      ...ACTION_SCHEMAS.keys(),
      ...knownEventTypes(),
      ...Object.keys(RuleFile.properties),
      ...Object.keys(SERIES_MEMBERS),
    ];
    for (const word of words) expect(PAGE).toContain(`\`${word}\``);
    for (const type of ACTION_SCHEMAS.keys()) expect(PAGE).toMatch(new RegExp(`"type": "${type}"`));
    expect(Object.keys(OPERATOR_EXAMPLES).sort()).toEqual([...OPERATORS.keys()].sort());
    expect(Object.keys(DECORATOR_EXAMPLES).sort()).toEqual(Object.keys(DECORATORS).sort());
  });

  it('says of a missing field what the operators say of themselves', () => {
    for (const [name, { doc }] of OPERATORS) {
      const [, claimed] = /a missing field[^:]*: (yes|no)/i.exec(doc) ?? [];
      if (claimed === undefined) continue;
      expect(PAGE).toMatch(
        new RegExp(`^- \\*\\*\`${name}\`\\*\\* .*Missing field[^:]*: \\*\\*${claimed}\\*\\*`, 'm'),
      );
    }
  });

  it('says of every trap what the checker says', () => {
    const traps = /### Traps\n([^]*?)\n## /.exec(PAGE)?.[1] ?? '';
    const written = traps.match(/You wrote/g) ?? [];
    expect(written.length).toBeGreaterThan(5);
    expect(traps.match(/^ {2}- (Warning|Error): /gm)).toHaveLength(written.length);
  });

  it('knows which actions a repeat would show in', async () => {
    const { actions, close } = openActions({ now: () => 0 });
    const shown = [...ACTION_SCHEMAS.keys()].filter((type) => !actions.get(type).repeatable);
    await close();
    expect([...REPEATS_SHOW]).toEqual(shown);
  });

  it('knows which tokens of Marketo can be filled in', () => {
    const warned = (token: string) => compileTemplate(token, 'text').warnings.length > 0;
    expect(KNOWN_TOKENS.filter(([token]) => warned(token))).toEqual([]);
    expect(UNKNOWN_TOKENS.filter((token) => !warned(token))).toEqual([]);
  });
});

/** Files of the page that are no rules: tests, shared conditions, lists. */
function countOfOthers(): number {
  return BLOCKS.filter(({ mark }) => /\.test\.json$|^rules\/(conditions|lists)\//.test(mark)).length;
}
