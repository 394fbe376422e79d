import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { installPlugins } from '../../../src/actions/install-plugins.js';
import { runCli } from '../../../src/cli/program.js';
import { loadConnections } from '../../../src/config/load-connections.js';
import { destinationKinds } from '../../../src/rules/destinations.js';
import { formatProblem } from '../../../src/rules/loading/problem.js';
import { readRuleFolder } from '../../../src/rules/loading/rule-folder.js';
import { recordedTerminal } from '../../support/recorded-terminal.js';

const PAGE = readFileSync('docs/plugins.md', 'utf8');
const TEAMS = 'examples/plugins/teams';

const IN_TYPESCRIPT = `
import type { Plugin, StartPluginTarget } from 'signalman/plugin';
const plugin: Plugin<{ text: string }, { url: string }> = {
  type: 'acme.pager', description: 'Calls somebody.', repeatable: true, timeoutMs: 1000,
  params: { type: 'object', properties: { text: { type: 'string', description: 'd' } } },
  connection: { type: 'object', properties: { url: { type: 'string', description: 'd' } } },
  examples: { params: { text: 't' }, connection: { url: 'u' } },
  send: async ({ params, connection }, tools) => {
    const { status } = await tools.http.send({ method: 'POST', url: connection.url, body: params.text });
    if (status !== 200) throw tools.permanent('acme.no', 'It said no');
    return { summary: 'called' };
  },
};
export default plugin;
export const start: StartPluginTarget = async ({ examples }) => ({
  connection: { ...examples.connection }, nowhere: {}, secrets: [],
  fail: () => undefined, clear: () => undefined, taken: () => [], close: async () => undefined,
});`;

/** The block of the page whose fence says `what`. */
function block(what: string): string {
  const [, text] = new RegExp(`^\`\`\`${what}\\n([^]*?)\\n\`\`\`$`, 'm').exec(PAGE) ?? [];
  if (text === undefined) throw new Error(`The page has no block ${what}.`);
  return text;
}

describe('the page on plug-ins', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'signalman-plugins-page-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  function write(file: string, text: string): string {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), text);
    return join(home, file);
  }

  it('shows the example as it is', () => {
    const file = `${TEAMS}/index.mjs`;
    expect(block(`js ${file}`)).toBe(readFileSync(file, 'utf8').trimEnd());
  });

  it('shows what the suite says of it', async () => {
    const terminal = recordedTerminal();
    await runCli(['plugin', 'check', TEAMS], terminal, () => {
      throw new Error('It needs no configuration.');
    });
    expect(terminal.printed.join('\n').trim()).toBe(block('text'));
    expect(terminal.failed).toBe(false);
  });

  it('shows a connection and a rule in which nothing is wrong, once the folder is copied to ./plugins', async () => {
    cpSync(TEAMS, join(home, 'plugins/teams'), { recursive: true });
    await installPlugins(undefined, home);
    const file = write('connections.json', block('jsonc connections.json'));
    const env = { TEAMS_SALES_URL: 'https://flows.acme.example/workflows/7/run?sig=geheim' };
    const connections = await loadConnections(file, env);
    write('rules/leads/demo.json', block('jsonc rules/leads/demo.json'));
    const destinations = destinationKinds(connections?.destinations ?? {});
    const { sources, problems } = await readRuleFolder(join(home, 'rules'), { destinations });
    expect(problems.map(formatProblem)).toEqual([]);
    expect(sources.rules.map(({ id }) => id)).toEqual(['leads/demo']);
  });

  it('names every member of a plug-in', () => {
    const members = [
      'type',
      'description',
      'params',
      'connection',
      'repeatable',
      'timeoutMs',
      'examples',
      'send',
    ];
    for (const member of members) expect(PAGE).toMatch(new RegExp(`^\\| \`${member}\` +\\|`, 'm'));
  });

  describe('promises types', () => {
    let said: ReadonlyMap<string, string>;

    /** Compiled in a project of its own that has Signalman among its packages, and nothing else. */
    beforeAll(() => {
      const project = mkdtempSync(join(tmpdir(), 'signalman-plugin-types-'));
      mkdirSync(join(project, 'node_modules'));
      symlinkSync(resolve('.'), join(project, 'node_modules/signalman'));
      const example = readFileSync(`${TEAMS}/index.mjs`, 'utf8');
      const texts = {
        'good.mjs': example,
        'bad.mjs': example.replace('timeoutMs: 15_000', "timeoutMs: '15 s'"),
        'good.mts': IN_TYPESCRIPT,
      };
      for (const [file, text] of Object.entries(texts)) writeFileSync(join(project, file), text);
      const program = ts.createProgram(
        Object.keys(texts).map((file) => join(project, file)),
        {
          allowJs: true,
          checkJs: true,
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          module: ts.ModuleKind.NodeNext,
          target: ts.ScriptTarget.ES2022,
          types: [],
        },
      );
      const diagnostics = ts
        .getPreEmitDiagnostics(program)
        .map(({ file, messageText }): [string, string] => [
          basename(file?.fileName ?? 'no file'),
          ts.flattenDiagnosticMessageText(messageText, '\n'),
        ]);
      said = new Map(diagnostics);
      rmSync(project, { recursive: true });
    }, 120_000);

    it('that the example keeps, and plug-ins and targets in TypeScript', () => {
      expect([...said.keys()]).toEqual(['bad.mjs']);
    });

    it('that name what is wrong', () => {
      expect(said.get('bad.mjs')).toContain("Type 'string' is not assignable to type 'number'");
    });
  });
});
