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
  return files.filter((file) => file.endsWith('.json') && file.endsWith('.test.json') === isTest);
}

const ajv = new Ajv({ strict: false });
const rule = ajv.compile(ruleJsonSchema());
const ruleTest = ajv.compile(ruleTestJsonSchema());
const minimal = {
  description: 'd',
  on: 'a.b',
  actions: [{ type: 'slack', params: { to: 'ops', text: 't' } }],
};

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
  ])('refuse %s', (_name, value) => {
    expect(rule(minimal)).toBe(true);
    expect(rule(value)).toBe(false);
  });
});
