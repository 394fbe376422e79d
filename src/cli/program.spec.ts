import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { recordedTerminal, type RecordedTerminal } from '../../test/support/recorded-terminal.js';
import type { AppConfig } from '../config/app-config.js';
import { runCli } from './program.js';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function rulesFolder(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-cli-'));
  folders.push(folder);
  mkdirSync(join(folder, 'rules'));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(
      join(folder, 'rules', name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }
  return join(folder, 'rules');
}

async function run(args: readonly string[], rulesDir = 'rules'): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const config = {
    rulesDir,
    dataDir: '/nowhere',
    connectionsFile: '/nowhere/connections.json',
    port: 3000,
  } as AppConfig;
  await runCli(args, terminal, () => config);
  return terminal;
}

const RULE = {
  description: 'A lead in Norway.',
  on: 'marketo.activity.newlead',
  conditions: { all: [{ fact: 'lead', path: '$.country', operator: 'equal', value: 'Norway' }] },
  actions: [{ type: 'slack', params: { to: 'ops', text: 'hello' } }],
};
const EVENT = { type: 'marketo.activity.newlead', data: { lead: { country: 'Norway' } } };

describe('the rules that ship', () => {
  it('have no errors and no warnings', async () => {
    const { printed, failed } = await run(['check']);
    expect(printed).toEqual([expect.stringMatching(/^\d+ rules in order, 0 errors, 0 warnings$/)]);
    expect(failed).toBe(false);
  });

  it('do what their examples say, each of them', async () => {
    const { printed, failed } = await run(['test']);
    expect(printed.filter((line) => !line.startsWith('✓'))).toEqual([
      expect.stringMatching(/^\n\d+ cases passed, 0 failed$/),
    ]);
    expect(failed).toBe(false);
  });
});

describe('check', () => {
  it('says what is wrong where, and fails', async () => {
    const folder = rulesFolder({
      'a.json': { ...RULE, actions: [{ type: 'slack', params: { to: 'opps', text: 'hello {{ leed }}' } }] },
      'b.json': RULE,
    });
    const { printed, failed } = await run(['check', folder]);
    expect(failed).toBe(true);
    expect(printed.join('\n')).toMatch(/^rules\/a\.json:1:\d+ error .*opps.*"ops"/m);
    expect(printed.join('\n')).toMatch(/leed/);
    expect(printed.at(-1)).toMatch(/^1 rule in order, \d errors, 0 warnings$/);
  });

  it('prints JSON for tools', async () => {
    const { printed, failed } = await run(['check', rulesFolder({ 'a.json': '{ "on": ' }), '--json']);
    expect(JSON.parse(printed.join('\n'))).toMatchObject([{ file: 'rules/a.json', severity: 'error' }]);
    expect(failed).toBe(true);
  });
});

describe('test', () => {
  it('tells of a failed case, of the reason, and of rules without tests', async () => {
    const cases = [
      { name: 'fires', events: [EVENT], expect: [{ action: 'slack' }] },
      { name: 'fires in Sweden', events: [{ type: EVENT.type }], expect: [{ action: 'slack' }] },
    ];
    const folder = rulesFolder({ 'a.json': RULE, 'a.test.json': { cases }, 'b.json': RULE });
    const { printed, failed } = await run(['test', folder]);
    expect(failed).toBe(true);
    expect(printed[0]).toBe('✓ a fires');
    expect(printed[1]).toBe('✗ a fires in Sweden');
    expect(printed.join('\n')).toContain('effect 1: expected slack, but nothing came');
    expect(printed.join('\n')).toContain('lead $.country equal "Norway" — was missing');
    expect(printed).toContain('- b has no test file');
    expect(printed.at(-1)).toBe('\n1 case passed, 1 failed, 1 rule without tests');
  });

  it('fails for a test file that cannot be read and for one without a rule', async () => {
    const folder = rulesFolder({
      'a.test.json': '{',
      'b.test.json': { cases: [{ name: 'x', events: [EVENT], expect: [] }] },
    });
    const { printed, failed } = await run(['test', folder]);
    expect(failed).toBe(true);
    expect(printed.join('\n')).toMatch(/✗ rules\/a\.test\.json:1:/);
    expect(printed.join('\n')).toContain('there is no rule b.json without errors for it to test');
  });
});

describe('explain', () => {
  it('says which rules fire on a delivery as Adobe posts it, and why others do not', async () => {
    const { printed, failed } = await run(['explain', 'samples/lead-activity.json']);
    const text = printed.join('\n');
    expect(failed).toBe(false);
    expect(text).toContain('✓ leads/hot-form-fill: fires');
    expect(text).toContain('slack to ops {"text":":fire: Lead 318');
    expect(text).toMatch(/- \d+ rules on other events/);
    expect(text).not.toContain('leads/list-follow-up');
  });

  it('knows the short form and one rule', async () => {
    const folder = rulesFolder({ 'a.json': RULE, 'b.json': RULE });
    writeFileSync(join(folder, '..', 'event.json'), JSON.stringify({ type: EVENT.type }));
    const { printed } = await run(['explain', join(folder, '..', 'event.json'), '--rule', 'a'], folder);
    expect(printed.join('\n')).toContain('- a: not matched');
    expect(printed.join('\n')).not.toContain('b:');
  });

  it('knows the nearest rule and tells of a file that is not there', async () => {
    expect(
      (await run(['explain', 'samples/lead-activity.json', '--rule', 'leads/hot-form-fil'])).complaints,
    ).toEqual(['There is no rule leads/hot-form-fil in force. Did you mean leads/hot-form-fill?']);
    const missing = await run(['explain', 'nowhere.json']);
    expect(missing.complaints[0]).toMatch(/^nowhere\.json cannot be read/);
    expect(missing.failed).toBe(true);
  });
});

it('says how to get a sandbox when there is none to send to', async () => {
  const { complaints, failed } = await run(['send', 'samples/lead-activity.json']);
  expect(complaints).toEqual([expect.stringMatching(/No sandbox runs in \/nowhere/)]);
  expect(failed).toBe(true);
});

it('writes the schemas that editors read and the page that people read, as they are kept', async () => {
  const folder = rulesFolder({});
  const page = join(folder, 'docs', 'rules.md');
  const { printed } = await run(['schema', folder, '--page', page]);
  expect(printed).toEqual([join(folder, 'rule.schema.json'), join(folder, 'rule-test.schema.json'), page]);
  for (const file of printed) {
    const kept = join(file === page ? 'docs' : 'schema', basename(file));
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(kept, 'utf8'));
  }
});

const ALONE =
  'check test explain schema send catch-up import completeness journal dead lanes erase-lead keys silence'.split(
    ' ',
  );
const BELOW = [
  'dead list',
  'dead replay',
  'keys create',
  'keys list',
  'keys revoke',
  'lanes list',
  'lanes pause',
  'lanes resume',
  'silence add',
  'silence list',
  'silence end',
];

it.each(['', ...ALONE, ...BELOW])(
  '%s --help ends well, with nothing that only a program can read',
  async (name) => {
    const { printed, failed } = await run([...name.split(' ').filter(Boolean), '--help']);
    const text = printed.join('\n');
    expect(text).toContain(`Usage: ${`signalman ${name}`.trim()}`);
    expect(text).not.toMatch(/default: (?:true|false|\d{4,})/);
    if (ALONE.includes(name)) expect(text).toContain(`Examples:\n  $ signalman ${name}`);
    expect(failed).toBe(false);
  },
);

it('tells its version', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const { printed, failed } = await run(['--version']);
  expect(printed).toEqual([version]);
  expect(failed).toBe(false);
});

it.each([
  ['chekc', 'signalman --help'],
  ['explain', 'signalman explain --help'],
  ['dead replay', 'signalman dead replay --help'],
  ['dead replay --all --to crm', 'signalman dead replay --help'],
  ['lanes pause crm', 'signalman lanes pause --help'],
  ['catch-up --from-oldest --since 6h', 'signalman catch-up --help'],
  ['completeness --since 41d', 'signalman completeness --help'],
])('%s is refused, with where to read more', async (line, more) => {
  const { complaints, failed } = await run(line.split(' '));
  expect(complaints.join('\n')).toContain(`(${more} says more)`);
  expect(failed).toBe(true);
});
