import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ACTION_SCHEMAS } from '../../../src/actions/action-schemas.js';
import { installPlugins } from '../../../src/actions/install-plugins.js';
import { placesOfPlugins } from '../../../src/actions/plugins/plugin-places.js';
import { loadConnections } from '../../../src/config/load-connections.js';
import { ruleJsonSchema } from '../../../src/rules/loading/json-schema.js';
import { formatProblem } from '../../../src/rules/loading/problem.js';
import { readRuleFolder } from '../../../src/rules/loading/rule-folder.js';
import { actionsSection } from '../../../src/rules/reference/actions-section.js';
import { modeSection } from '../../../src/rules/reference/mode-section.js';
import { destinationKinds } from '../../../src/rules/destinations.js';
import { failureOf } from '../../support/attempts.js';

const TEAMS = resolve('examples/plugins/teams');
const RULE = {
  description: 'A hot lead goes to Teams.',
  on: 'marketo.activity.newlead',
  conditions: { all: [{ fact: 'leadId', operator: 'exists', value: true }] },
  actions: [{ type: 'teams', params: { to: 'sales', text: 'Lead {{ leadId }}' } }],
};

describe('plug-ins', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'signalman-plugins-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  function write(file: string, text: string): string {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), text);
    return join(home, file);
  }

  /** A plug-in in order, but for `changes`: code for its members. */
  function plugin(changes: Readonly<Record<string, string | undefined>> = {}): string {
    const members: Readonly<Record<string, string | undefined>> = {
      type: '"acme.pager"',
      description: '"Calls somebody."',
      params: '{ type: "object", properties: { text: { type: "string", description: "What is said." } } }',
      connection: '{ type: "object", properties: { url: { type: "string", description: "Where." } } }',
      repeatable: 'false',
      timeoutMs: '1000',
      examples: '{ params: { text: "t" }, connection: { url: "u" } }',
      send: 'async () => ({ summary: "sent" })',
      ...changes,
    };
    const code = Object.entries(members).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value}`],
    );
    return `export default { ${code.join(', ')} };\n`;
  }

  async function problemsOf(wanted?: readonly string[]): Promise<readonly string[]> {
    const failure = await failureOf(installPlugins(wanted, home));
    expect([failure.code, failure.retry.kind]).toEqual(['config.plugins', 'never']);
    return failure.message.split('\n');
  }

  describe('are refused at the start, with a sentence that names the plug-in, when', () => {
    it.each([
      [
        'is an unknown member',
        { descripton: '"x"' },
        'it has an unknown member "descripton"; did you mean "description"?',
      ],
      [
        'a member is missing',
        { repeatable: undefined },
        'it has no member "repeatable": give true when the target recognises a repeat, else false',
      ],
      [
        'its type is no name',
        { type: '"My Teams"' },
        '"type" must be a name such as "teams" or "acme.teams", which does not begin with marketo or signalman',
      ],
      [
        'its type is ours to give',
        { type: '"marketo.mine"' },
        '"type" must be a name such as "teams" or "acme.teams", which does not begin with marketo or signalman',
      ],
      [
        'it describes nothing',
        { description: '"calls"' },
        '"description" must be one sentence that ends in a full stop',
      ],
      [
        'its time has no bound',
        { timeoutMs: 'Infinity' },
        '"timeoutMs" must be a whole number of milliseconds from 100 to 120000',
      ],
      [
        'a keyword is mistyped',
        {
          params:
            '{ type: "object", properties: { text: { type: "string", landng: "text", description: "d" } } }',
        },
        '"params" is no good schema: strict mode: unknown keyword: "landng"; did you mean "landing"?',
      ],
      [
        'a parameter is not described',
        { params: '{ type: "object", properties: { text: { type: "string" } } }' },
        '"params" does not say what "text" is: give it a "description"',
      ],
      [
        'it describes what is ours',
        {
          params:
            '{ type: "object", properties: { text: { type: "string", description: "d" }, to: { type: "string", description: "d" } } }',
        },
        '"params" describes "to", which Signalman adds itself: leave it out',
      ],
      [
        'its example does not fit',
        { examples: '{ params: { text: 7 }, connection: { url: "u" } }' },
        'the example of "params" does not fit its schema: text must be string',
      ],
      [
        'a secret would stand in the open',
        {
          connection:
            '{ type: "object", properties: { url: { type: "string", description: "d" }, token: { type: "string", description: "d" } } }',
        },
        '"token" of "connection" needs "secret": true',
      ],
      [
        'a secret lies too deep',
        {
          connection:
            '{ type: "object", properties: { url: { type: "string", description: "d" }, login: { type: "object", description: "d", properties: { pass: { type: "string", secret: true } } } } }',
        },
        '"login" of "connection" has a secret inside: make the secret a member of its own',
      ],
    ])('%s', async (_what, changes, problem) => {
      const entry = write('bad/index.mjs', plugin(changes));
      expect(await problemsOf(['./bad'])).toEqual([`The plug-in ./bad: ${problem} (${entry}).`]);
    });

    it('it is not there, has no entry, cannot be parsed, fails, or exports nothing', async () => {
      mkdirSync(join(home, 'empty'));
      write('broken/index.mjs', 'export default {');
      write('failing/index.mjs', 'throw new Error("no such luck");');
      write('silent/index.mjs', 'export const plugin = 1;');
      const problems = await problemsOf(['./gone', '@acme/gone', 'empty', 'broken', 'failing', 'silent']);
      expect(problems).toEqual([
        `The plug-in ./gone is not there: ${join(home, 'gone')} is no folder.`,
        `The plug-in @acme/gone is not there: ${join(home, '@acme/gone')} is no folder, nor a package in node_modules.`,
        `The plug-in empty cannot be loaded: there is no file ${join(home, 'empty/index.mjs')}; a package.json with "exports" can name another.`,
        expect.stringMatching(/^The plug-in broken cannot be loaded: .*broken\/index\.mjs\)\.$/),
        `The plug-in failing cannot be loaded: no such luck (${join(home, 'failing/index.mjs')}).`,
        `The plug-in silent: its default export must be an object that describes the action (${join(home, 'silent/index.mjs')}).`,
      ]);
    });

    it('its kind is taken, by us or by another plug-in', async () => {
      write('plugins/a/index.mjs', plugin({ type: '"slack"' }));
      write('plugins/b/index.mjs', plugin());
      write('plugins/c/index.mjs', plugin());
      expect(await problemsOf()).toEqual([
        'The plug-in ./plugins/a brings "slack", which Signalman has: give it another type.',
        'The plug-in ./plugins/c brings "acme.pager", which the plug-in ./plugins/b has: give it another type.',
      ]);
      expect([...ACTION_SCHEMAS.keys()]).not.toContain('acme.pager');
    });
  });

  it('are nothing where nobody has any', async () => {
    const before = [...ACTION_SCHEMAS.keys()];
    await installPlugins(undefined, home);
    expect([...ACTION_SCHEMAS.keys()]).toEqual(before);
  });

  it('are found in ./plugins and in folders, and installed once', async () => {
    write('plugins/one/index.mjs', plugin({ type: '"one"' }));
    write('plugins/.hidden/index.mjs', 'throw new Error("not to be loaded");');
    write('plugins/README.md', 'not a plug-in');
    await installPlugins(undefined, home);
    write('three/src/three.mjs', plugin({ type: '"three"' }));
    write('three/package.json', '{ "main": "./src/three.mjs" }');
    await installPlugins(['./three'], home);
    expect([...ACTION_SCHEMAS.keys()].slice(-2)).toEqual(['one', 'three']);
    expect(await problemsOf()).toEqual([
      'The plug-in ./plugins/one brings "one", which Signalman has: give it another type.',
    ]);
  });

  it.each([
    ['{ "exports": { ".": { "types": "./x.d.ts", "import": "./lib/main.mjs" } } }'],
    ['{ "exports": { "node": { "default": "./lib/main.mjs" }, "default": "./web.mjs" } }'],
    ['{ "exports": "./lib/main.mjs", "main": "./old.cjs" }'],
    ['{ "main": "./lib/main.mjs" }'],
  ])('are found in packages above by their package.json: %s', (text) => {
    const entry = write('node_modules/@acme/two/lib/main.mjs', '');
    write('node_modules/@acme/two/package.json', text);
    const places = placesOfPlugins(['@acme/two'], join(home, 'some/folder'));
    expect(places).toEqual({ places: [{ name: '@acme/two', entry }], missing: [] });
  });

  describe('that are installed', () => {
    beforeAll(async () => {
      await installPlugins([TEAMS], '/');
    });

    const destinations = (members: object) => ({
      destinations: {
        sales: { kind: 'teams', ...members },
        ops: { kind: 'slack', webhookUrl: { env: 'OPS' } },
      },
    });

    it('have connections of their kind, with what is secret by reference', async () => {
      const members = { url: { env: 'FLOW' }, lane: { rate: '1/s', atOnce: 2 } };
      const file = write('connections.json', JSON.stringify(destinations(members)));
      const env = {
        FLOW: 'https://flows.acme.example/run?sig=geheim',
        OPS: 'https://hooks.slack.com/services/x',
      };
      const connections = await loadConnections(file, env);
      expect(connections?.destinations['sales']).toEqual({
        kind: 'teams',
        lane: { pace: { everyMs: 1_000, burst: 1 }, atOnce: 2 },
        settings: {},
        secrets: { url: env.FLOW },
        allowPrivateAddresses: false,
      });
    });

    it.each([
      [
        { url: 'https://flows.acme.example' },
        'url is a secret and must not stand in this file: write { "env": "THE_VARIABLE" } or { "file": "./secrets/the-file" } instead',
      ],
      [{}, 'it is missing: give the URL of the workflow, as Teams shows it when you make one'],
      [{ url: { env: 'NO_URL' } }, 'give the URL of the workflow, as Teams shows it when you make one'],
      [{ url: { env: 'FLOW' }, allowPrivateAddresses: 'yes' }, 'give true or false'],
      [{ url: { env: 'FLOW' }, lane: { atOnce: 0 } }, 'destinations.sales.lane.atOnce: give '],
    ])('are told what is wrong with the connection %j', async (members, sentence) => {
      const file = write('connections.json', JSON.stringify(destinations(members)));
      const env = {
        FLOW: 'https://flows.acme.example/run',
        NO_URL: 'geheim',
        OPS: 'https://hooks.slack.com/services/x',
      };
      const failure = await failureOf(loadConnections(file, env));
      expect(failure.message).toContain(sentence);
      expect(failure.message).not.toContain('geheim');
    });

    it('are offered to those who mistype a member or the kind', async () => {
      const mistyped = {
        destinations: {
          a: { kind: 'team' },
          b: { kind: 'teams', url: { env: 'FLOW' }, allowPrivateAdresses: true },
        },
      };
      const file = write('connections.json', JSON.stringify(mistyped));
      const failure = await failureOf(loadConnections(file, { FLOW: 'https://flows.acme.example/run' }));
      expect(failure.message).toContain('did you mean "teams"?');
      expect(failure.message).toContain('did you mean "allowPrivateAddresses"?');
    });

    const check = async (rule: object) => {
      write('rules/hot.json', JSON.stringify(rule));
      const teams = ACTION_SCHEMAS.get('teams')?.destination;
      const { problems, sources } = await readRuleFolder(join(home, 'rules'), {
        destinations: { ops: 'slack', ...(teams === undefined ? {} : { sales: teams as never }) },
      });
      return { problems: problems.map(formatProblem), rules: sources.rules.map(({ id }) => id) };
    };
    const action = (type: string, params: object) => ({ ...RULE, actions: [{ type, params }] });

    it('are kinds of actions that rules can name', async () => {
      expect(await check(RULE)).toEqual({ problems: [], rules: ['hot'] });
    });

    it.each([
      [action('teems', { to: 'sales', text: 't' }), 'unknown action "teems": did you mean "teams"?'],
      [action('teams', { to: 'sales', txt: 't' }), 'unknown member "txt": did you mean "text"?'],
      [action('teams', { to: 'sale', text: 't' }), 'there is no connection "sale"; there are "sales"'],
      [
        action('teams', { to: 'ops', text: 't' }),
        '"ops" is a slack connection, but "teams" needs one of kind teams',
      ],
      [action('teams', { text: 't' }), 'needs "to"'],
      [action('teams', { to: 'sales', text: '{{ leed.id }}' }), 'leed'],
    ])('are checked in rules: %j', async (rule, sentence) => {
      const { problems, rules } = await check(rule);
      expect(rules).toEqual([]);
      expect(problems.join('\n')).toContain(sentence);
    });

    it('stand in the schema that editors read and in the reference', () => {
      expect(JSON.stringify(ruleJsonSchema())).toContain('Posts a message to a channel of Microsoft Teams.');
      const page = actionsSection();
      expect(page).toContain('### `teams`');
      expect(modeSection()).toMatch(/It matters only for [^]*?`teams`:/);
      expect(page).toContain('Lead **{{ leadId }}** asked for a demo.');
    });

    it('have destinations whose kind rules are told', () => {
      const destination = { kind: 'teams', settings: {}, secrets: {}, allowPrivateAddresses: false };
      expect(destinationKinds({ sales: destination as never })).toEqual({ sales: 'teams' });
    });
  });
});
