import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DestinationKind } from '../../../src/contracts/connections.js';
import { formatProblem } from '../../../src/rules/loading/problem.js';
import { RuleFolder } from '../../../src/rules/loading/rule-folder.js';

const destinations: Record<string, DestinationKind> = { ops: 'slack' };

function ruleText(
  conditions = '{ "all": [{ "fact": "type", "operator": "equal", "value": "a.b" }] }',
): string {
  const actions = '[{ "type": "slack", "params": { "to": "ops", "text": "t" } }]';
  return `{ "description": "d", "on": "a.b", "conditions": ${conditions}, "actions": ${actions} }`;
}

describe('a rules folder', () => {
  let home: string;
  let folder: RuleFolder;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'signalman-rules-'));
    await mkdir(join(home, 'rules'));
    folder = new RuleFolder(join(home, 'rules'), { destinations });
  });
  afterEach(() => rm(home, { recursive: true }));

  async function put(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(join(home, 'rules', path)), { recursive: true });
    await writeFile(join(home, 'rules', path), content);
  }
  async function read() {
    const { sources, problems } = await folder.read();
    return { sources, ids: sources.rules.map(({ id }) => id), lines: problems.map(formatProblem) };
  }

  it('takes rules by their path, and leaves tests, hidden files and everything else alone', async () => {
    await put(
      'leads/new/a.json',
      ruleText('{ "not": { "fact": "type", "operator": "equal", "value": "x" } }'),
    );
    await put('b.json', `\uFEFF${ruleText()}`);
    for (const other of ['a.test.json', 'README.md', '.hidden.json', '.git/x.json', 'x.csv'])
      await put(other, '?');
    expect(await read()).toMatchObject({ ids: ['b', 'leads/new/a'], lines: [] });
  });

  it('says of files that it cannot read why, and reads the others', async () => {
    await put('good.json', ruleText());
    await put('latin1.json', Buffer.from(ruleText().replace('"d"', '"\u00e9"'), 'latin1'));
    await put('large.json', ' '.repeat(1_048_577));
    await put('rule.yaml', 'on: x');
    await writeFile(join(home, 'secret.json'), ruleText());
    const link = (target: string, name: string) => symlink(target, join(home, 'rules', name));
    await link('good.json', 'inside.json');
    await link('../secret.json', 'outside.json');
    await link('loop-b.json', 'loop-a.json');
    await link('loop-a.json', 'loop-b.json');
    await link('nowhere.json', 'dangling.json');
    await link('.', 'folder.json');
    await link('..', 'up');
    expect(await read()).toMatchObject({
      ids: ['good', 'inside'],
      lines: [
        'rules/dangling.json:1:1 error the file cannot be read: it is not there',
        'rules/folder.json:1:1 error this link leads out of the rules folder and is not followed',
        'rules/inside.json:1:132 warning the rule "good" does the same on the same events: it would be done twice',
        'rules/large.json:1:1 error the file has 1048577 bytes; 1048576 are the most that is read',
        'rules/latin1.json:1:1 error the file is not UTF-8 text: save it with that encoding',
        'rules/loop-a.json:1:1 error the file cannot be read: links lead round in a circle',
        'rules/loop-b.json:1:1 error the file cannot be read: links lead round in a circle',
        'rules/outside.json:1:1 error this link leads out of the rules folder and is not followed',
        'rules/rule.yaml:1:1 warning this file is not read: the name of a rule file ends in .json',
      ],
    });
  });

  it('reads lists as JSON and as spreadsheets write CSV', async () => {
    await put('lists/codes.json', '["a", 7, /* and */ "b",]');
    await put('lists/names.csv', 'plain,1\r\n"with, comma",2\r\n"say ""hi"""\r\n\r\n  spaced ;3\r\n');
    await put('lists/open.csv', 'fine\n"never ends\n');
    await put('lists/codes.csv', 'x');
    const { sources, lines } = await read();
    expect(sources.lists).toEqual({ codes: ['x'], names: ['plain', 'with, comma', 'say "hi"', 'spaced'] });
    expect(lines).toEqual([
      'rules/lists/codes.json:1:1 error the list "codes" is already in rules/lists/codes.csv',
      'rules/lists/open.csv:2:1 error this cell does not end: a closing quote is missing on the same line',
    ]);
    await rm(join(home, 'rules/lists/codes.csv'));
    expect((await read()).sources.lists['codes']).toEqual(['a', 7, 'b']);
  });

  it('keeps what broke as it was last good, with the conditions and lists that it needs', async () => {
    await put('a.json', ruleText('{ "condition": "mine" }'));
    await put('b.json', ruleText());
    await put(
      'conditions/mine.json',
      '{ "all": [{ "fact": "data", "path": "$.d", "operator": "inList", "value": "ours" }] }',
    );
    await put('lists/ours.csv', 'one');
    const good = await read();
    expect(good).toMatchObject({ ids: ['a', 'b'], lines: [] });

    await put('conditions/mine.json', '{ "all": [] }');
    await put('lists/ours.csv', '"one');
    await put('b.json', '{');
    const broken = await read();
    expect(broken.sources).toEqual(good.sources);
    expect(broken.lines).toHaveLength(3);

    await rm(join(home, 'rules/conditions'), { recursive: true });
    await rm(join(home, 'rules/lists'), { recursive: true });
    const gone = await read();
    expect(gone.sources).toEqual(good.sources);
    expect(gone.lines).toEqual([
      'rules/a.json:1:65 error there is no shared condition "mine"',
      'rules/b.json:1:2 error a closing brace "}" is missing',
    ]);

    await rm(join(home, 'rules/a.json'));
    await put('b.json', ruleText('{ "not": { "fact": "type", "operator": "equal", "value": "a.b" } }'));
    const mended = await read();
    expect(mended).toMatchObject({ ids: ['b'], lines: [], sources: { conditions: {}, lists: {} } });
    expect(mended.sources.rules[0]?.version).not.toBe(good.sources.rules[1]?.version);
  });

  it('keeps everything when the folder itself is gone for a while', async () => {
    await put('a.json', ruleText());
    const good = await read();
    await cp(join(home, 'rules'), join(home, 'aside'), { recursive: true });
    await rm(join(home, 'rules'), { recursive: true });
    const gone = await read();
    expect(gone.sources).toEqual(good.sources);
    expect(gone.lines).toEqual([
      `rules:1:1 error the rules folder ${join(home, 'rules')} cannot be read: it is not there; SIGNALMAN_RULES can name another`,
    ]);
    await cp(join(home, 'aside'), join(home, 'rules'), { recursive: true });
    expect(await read()).toMatchObject({ ids: ['a'], lines: [] });
  });

  it('looks again at rules that name others when a rule comes or goes', async () => {
    const muted = ruleText().replace('"on"', '"inhibitedBy": "leads/loud", "on"');
    await put('muted.json', muted);
    const unknown =
      'rules/muted.json:1:38 error there is no rule and no shared condition "leads/loud": did you mean "leads/lout"?';
    await put(
      'leads/lout.json',
      ruleText('{ "not": { "fact": "type", "operator": "equal", "value": "x" } }'),
    );
    expect(await read()).toMatchObject({ ids: ['leads/lout'], lines: [unknown] });

    await put(
      'leads/loud.json',
      ruleText('{ "not": { "fact": "type", "operator": "equal", "value": "y" } }'),
    );
    const found = await read();
    expect(found).toMatchObject({ ids: ['leads/loud', 'leads/lout', 'muted'], lines: [] });
    await rm(join(home, 'rules/leads/loud.json'));
    expect(await read()).toMatchObject({ lines: [unknown], ids: ['leads/lout', 'muted'] });
  });

  it('knows what texts can name of shared conditions, and looks again when those change', async () => {
    const inner = (name: string) =>
      `{ "all": [{ "name": "${name}", "fact": "count", "params": { "on": "a.b", "within": "1d" }, "operator": "greaterThan", "value": 3 }] }`;
    await put('conditions/inner.json', inner('visits'));
    await put('conditions/outer.json', '{ "not": { "condition": "inner" } }');
    await put(
      'a.json',
      ruleText('{ "all": [{ "condition": "outer" }] }').replace('"t"', '"{{ facts.visits }}"'),
    );
    expect(await read()).toMatchObject({ ids: ['a'], lines: [] });
    await put('conditions/inner.json', inner('visitors'));
    const [line] = (await read()).lines;
    expect(line).toContain('no fact that remembers is called "visits"');
    expect(line).toContain('did you mean "visitors"?');
  });

  it('gives back the same rule while its file stays the same', async () => {
    await put('a.json', ruleText());
    const [before] = (await read()).sources.rules;
    await put('b.json', ruleText());
    expect((await read()).sources.rules[0]).toBe(before);
  });
});
