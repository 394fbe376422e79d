import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'jsonc-parser';
import { ruleJsonSchema, ruleTestJsonSchema } from './json-schema.js';

const ROOT = join(import.meta.dirname, '../../..');

function stored(name: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, 'schema', name), 'utf8'));
}

function shipped(isTest: boolean): string[] {
  const files = readdirSync(join(ROOT, 'rules'), { recursive: true, encoding: 'utf8' });
  const rules = files.filter((file) => file.endsWith('.json') && !/^(conditions|lists)\b/.test(file));
  return rules.filter((file) => file.endsWith('.test.json') === isTest);
}

const ajv = new Ajv({ strict: false });
const rule = ajv.compile(ruleJsonSchema());
const ruleTest = ajv.compile(ruleTestJsonSchema());
const minimal = {
  description: 'd',
  on: 'a.b',
  actions: [{ type: 'slack', params: { to: 'ops', text: 't' } }],
};

const comparison = { fact: 'data', path: '$.a', operator: 'equal', value: 1 };

/** Conditions that compare a fact that remembers. */
function asking(fact: string, params?: object) {
  return { conditions: { all: [{ fact, params, operator: 'greaterThan', value: 3 }] } };
}

describe('the published schemas', () => {
  it('are those that the code makes: run `npx signalman schema` when this fails', () => {
    expect(stored('rule.schema.json')).toEqual(ruleJsonSchema());
    expect(stored('rule-test.schema.json')).toEqual(ruleTestJsonSchema());
  });

  it.each(shipped(false))('accept the shipped rule %s', (file) => {
    rule(parse(readFileSync(join(ROOT, 'rules', file), 'utf8')));
    expect(rule.errors).toBeNull();
  });

  it.each(shipped(true))('accept the shipped test %s', (file) => {
    ruleTest(parse(readFileSync(join(ROOT, 'rules', file), 'utf8')));
    expect(ruleTest.errors).toBeNull();
  });

  it.each<[string, object]>([
    ['a count', asking('count', { within: '1d', per: ['leadId'], on: 'marketo.activity.clicklink' })],
    ['a count of some', asking('count', { within: '1d', where: { not: comparison } })],
    ['a look back', asking('sinceLast')],
    ['a sequence', { then: { on: 'a.c', within: '1d', conditions: { all: [comparison] } } }],
    [
      'a digest in hours',
      { group: { wait: '1h' }, activeHours: { days: ['mon-fri'], hours: '09:00-18:00' } },
    ],
    ['inhibitors', { inhibitedBy: ['a', { rule: 'a/b', within: '1h', per: 'leadId' }, { condition: 'c' }] }],
  ])('accept %s', (_name, more) => {
    rule({ ...minimal, ...more });
    expect(rule.errors).toBeNull();
  });

  it('accept a timetable in place of events, and not beside them', () => {
    const { description, actions } = minimal;
    const rest = { description, actions };
    const every = { cron: '0 9 * * *', missed: 'all' };
    expect(rule({ ...rest, every, timeZone: 'UTC' })).toBe(true);
    expect(rule({ ...minimal, every })).toBe(false);
    expect(rule(rest)).toBe(false);
  });

  it.each([
    ['a rule without actions', { ...minimal, actions: [] }],
    ['an unknown member', { ...minimal, condition: {} }],
    [
      'an unknown operator',
      { ...minimal, conditions: { all: [{ fact: 'data', operator: 'equals', value: 1 }] } },
    ],
    [
      'an unknown decorator',
      { ...minimal, conditions: { not: { fact: 'data', operator: 'no:in', value: [] } } },
    ],
    ['an empty any', { ...minimal, conditions: { any: [] } }],
    ['a comparison at the root', { ...minimal, conditions: { fact: 'data', operator: 'equal', value: 1 } }],
    [
      'parameters of another kind',
      { ...minimal, actions: [{ type: 'email', params: { to: 'ops', text: 't' } }] },
    ],
    ['a count of all times', { ...minimal, ...asking('count', { per: 'leadId' }) }],
    ['a count without params', { ...minimal, ...asking('count') }],
    ['a count of values', { ...minimal, ...asking('count', { within: '1d', of: 'leadId' }) }],
    ['a sum of nothing', { ...minimal, ...asking('sum', { within: '1d' }) }],
    ['an unknown member of params', { ...minimal, ...asking('sinceLast', { withn: '1d' }) }],
    ['hours without hours', { ...minimal, activeHours: { outside: 'drop' } }],
  ])('refuse %s', (_name, value) => {
    expect(rule(minimal)).toBe(true);
    expect(rule(value)).toBe(false);
  });
});
