import fc from 'fast-check';
import { compileRuleSet } from '../../../src/rules/engine/rule-set.js';
import { formatProblem } from '../../../src/rules/loading/problem.js';
import { check, rule } from './checking.js';

const GOOD = `// A comment.
{
  "$schema": "../schema/rule.schema.json",
  "description": "A US lead without a state goes to the clean-up list.",
  "owner": "marketing-ops@acme.example",
  "mode": "shadow",
  "on": ["marketo.activity.newlead", "com.acme.crm.account.updated"],
  "conditions": {
    "all": [
      { "fact": "lead", "path": "$.country", "operator": "equal", "value": "United States" },
      { "not": { "condition": "is-customer" } },
      { "any": [
        { "fact": "attributes", "path": "$['Lead Source']", "operator": "inList", "value": "competitors" },
        { "fact": "data", "path": "$.when", "operator": "newerThan", "value": "7d" },
        { "fact": "data", "path": "$.points", "operator": "between", "value": [1, 5] },
        { "fact": "data", "path": "$.tags", "operator": "someFact:startsWith", "value": "x" },
        { "fact": "distinct", "params": { "of": "data.x", "per": "leadId", "within": "7d", "where": { "not": { "fact": "type", "operator": "equal", "value": "x" } } }, "operator": "greaterThan", "value": 2 },
      ] },
    ],
  },
  "throttle": { "per": "attributes['Campaign ID']", "every": "7d" },
  "timeZone": "Europe/Berlin",
  "unless": {
    "on": "marketo.activity.filloutform",
    "conditions": { "all": [{ "fact": "type", "operator": "startsWith", "value": "m" }] },
    "within": "1d",
  },
  "group": { "per": ["leadId", "data.x"], "wait": "10m", "max": 7 },
  "activeHours": { "days": ["mon-fri"], "hours": "22:00-06:00", "outside": "drop" },
  "inhibitedBy": [{ "rule": "leads/hot", "within": "2h", "per": "leadId" }, "is-customer"],
  "expires": "2999-12-31",
  "actions": [
    { "type": "marketo.addToList", "params": { "list": 1001, "lead": "{{ leadId }}" } },
    { "type": "slack", "params": { "to": "ops", "text": "Lead\\n{{ leadId | default: 'x' }}" }, "guarantee": "at-most-once" },
  ],
}
`;

describe('a good rule', () => {
  it('has no problems and becomes what the judge works with', () => {
    const { rule, problems } = check(GOOD);
    expect(problems.map(formatProblem)).toEqual([]);
    expect(rule).toMatchObject({
      id: 'x',
      version: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      mode: 'shadow',
      owner: 'marketing-ops@acme.example',
      on: ['marketo.activity.newlead', 'com.acme.crm.account.updated'],
      throttle: { per: ["attributes['Campaign ID']"], everyMs: 604_800_000 },
    });
    expect(rule?.actions.map(({ guarantee }) => guarantee)).toEqual(['at-least-once', 'at-most-once']);
  });

  it('keeps its version while only comments and spaces change', () => {
    const version = check(GOOD).rule?.version;
    expect(check(GOOD.replace('A comment', 'Another').replaceAll('\n', '\r\n')).rule?.version).toBe(version);
    expect(check(GOOD.replace('7d', '8d')).rule?.version).not.toBe(version);
  });

  it('without conditions is met by every event of its types', () => {
    expect(check(rule('"mode": "live"')).rule).toMatchObject({ conditions: { all: [] }, mode: 'live' });
  });
});

it('tells which fields of the lead the texts of a rule read', () => {
  expect(
    check(GOOD.replace("{{ leadId | default: 'x' }}", '{{lead.First Name}} {{ lead.country }}')).rule,
  ).toMatchObject({
    leadFieldsInTexts: ['First Name', 'country'],
  });
  expect(
    check(GOOD.replace("{{ leadId | default: 'x' }}", '{{ lead | json }}')).rule?.leadFieldsInTexts,
  ).toEqual([]);
});

describe('findings that depend on what is around the file', () => {
  it('needs a Marketo connection even where the event chooses it', () => {
    const { problems } = check(GOOD, { destinations: { ops: 'slack' } });
    expect(problems.map(formatProblem)).toEqual([
      'rules/x.json:33:46 error there is no marketo connection to go to',
    ]);
  });

  it('trusts a field whose presence a neighbour or an outer all vouches for', () => {
    const trap = '{ "fact": "lead", "path": "$.country", "operator": "notEqual", "value": "Norway" }';
    const guard = '{ "fact": "lead", "path": "$.country", "operator": "exists", "value": true }';
    const codes = (conditions: string) =>
      check(rule(`"conditions": ${conditions}`)).problems.map(({ code }) => code);
    expect(codes(`{ "all": [${trap}] }`)).toEqual(['trap.missing-field']);
    expect(codes(`{ "all": [${guard}, ${trap}] }`)).toEqual([]);
    expect(codes(`{ "all": [{ "any": [${trap}] }, ${guard}] }`)).toEqual([]);
    expect(codes(`{ "any": [${guard}, ${trap}] }`)).toEqual(['trap.missing-field']);
    expect(codes(`{ "not": ${trap} }`)).toEqual([]);
  });

  it('never ignores a word that it does not know', () => {
    const { rule: checked, problems } = check(rule('"limits": { "firings": 100 }'));
    expect(checked).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'shape.unknown-member', suggestion: 'limit' }]);
  });

  it('names a problem inside a text by its place in the file, escapes and all', () => {
    const { problems } = check(GOOD.replace('{{ leadId | default', '{{ leedId | default'));
    expect(problems).toMatchObject([{ line: 34, code: 'template.error' }]);
    const line = GOOD.split('\n')[33] ?? '';
    expect(problems[0]?.column).toBe(line.indexOf('{{ leadId') + 4);
  });
});

const MEMBERS = [
  ...['conditions', 'on', 'throttle', 'actions', 'mode', 'then', 'unless', 'group', 'activeHours'],
  ...['inhibitedBy', 'expires', 'every', 'timeZone'],
];

describe('whatever a file holds', () => {
  const pieces = [
    ...Array.from('{}[]",:\\/*\n\t 0-eE.\u0000é😀'),
    '"',
    '//',
    '/*',
    '\\u12',
    'null',
    '{"fact":',
    '"all"',
    '"value": {"fact": 1}',
    '{{',
    '%}',
    '__proto__',
    '1e999',
    '$..a[?(@.x)]',
  ];
  const edit = fc.record({
    at: fc.nat(GOOD.length),
    cut: fc.oneof(fc.nat(3), fc.nat(400)),
    put: fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((chosen) => chosen.join('')),
  });

  it('never makes the checker throw, and every problem has a place in the file', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = GOOD;
        for (const { at, cut, put } of edits) text = text.slice(0, at) + put + text.slice(at + cut);
        const { rule, problems } = check(text);
        const hasError = problems.some(({ severity }) => severity === 'error');
        expect(rule === undefined).toBe(hasError);
        const lines = text.split('\n');
        for (const { line, column, message } of problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 2);
          expect(message).not.toContain('undefined');
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('neither throws for well-formed values in wrong places, nor accepts what the engine refuses', () => {
    const action = { type: 'slack', params: { to: 'ops', text: 't' } };
    const conditions = { 'is-customer': { all: [{ fact: 'type', operator: 'equal', value: 'x' }] } };
    const names = fc.constantFrom(
      'all',
      'any',
      'not',
      'condition',
      'fact',
      'path',
      'operator',
      'value',
      'on',
      'x',
    );
    const words = fc.constantFrom(
      'equal',
      'swap:in',
      'matches',
      '$.a',
      'lead',
      'data',
      'not:inList',
      '',
      '*',
    );
    const leaf = fc.record({
      fact: fc.constantFrom('data', 'lead', 'event', 'leadId', 'count', 'previous', 'nope'),
      params: fc.oneof(
        fc.constantFrom({ within: '1d' }, { within: '1d', of: 'data.x' }, []),
        fc.constant({ within: '1d', where: { condition: 'is-customer' } }),
      ),
      path: fc.constantFrom('$.a', "$['b c'][0]", '$', '', 'a', '$.constructor'),
      operator: fc.constantFrom('equal', 'in', 'matches', 'inList', 'not:between', 'swap:in', 'someValue:in'),
      value: fc.oneof(fc.integer(), words, fc.array(words, { maxLength: 2 }), fc.constant({ fact: 'data' })),
    });
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.record({ all: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ not: tie('node') }),
        fc.constant({ condition: 'is-customer' }),
      ),
    })).node;
    const wellFormed = fc.tuple(tree, fc.constant('conditions'));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        words,
        fc.integer(),
        fc.constantFrom(null, true),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(names, tie('any'), { maxKeys: 5 }),
      ),
    })).any;
    const misplaced = fc.tuple(value, fc.constantFrom(...MEMBERS));
    fc.assert(
      fc.property(fc.oneof(wellFormed, misplaced), ([wrong, member]) => {
        const source = { description: 'd', on: 'a.b', actions: [action], [member]: wrong };
        const { rule, problems } = check(JSON.stringify(source));
        expect(rule === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
        if (rule !== undefined) compileRuleSet({ rules: [rule], conditions, lists: { competitors: ['x'] } });
      }),
      { numRuns: 1_500 },
    );
  });

  it('survives any depth', () => {
    for (const opening of ['[', '{"a":', '{"all":[{"not":']) {
      expect(check(opening.repeat(200_000)).problems[0]?.code).toMatch(/^json\./);
    }
  });
});
