import { readRuleTestFile } from './rule-test-file.js';

it('reads a file with comments', () => {
  const text =
    '{ // examples\n "cases": [{ "name": "a", "events": [{ "type": "x", "leadId": 7 }], "expect": [] }], }';
  expect(readRuleTestFile('a.test.json', text)).toEqual({
    cases: [{ name: 'a', events: [{ type: 'x', leadId: 7 }], expect: [] }],
    problems: [],
  });
});

it.each([
  ['{ "cases": [{ "name": "a", "events": [], "expects": [] }] }', /./],
  ['{ "cases": [{ "name": "a",\n "events": [{ "typ": "x" }], "expect": [] }] }', /type/],
  ['{ "cases": [{ "name": "a",\n "events": [{ "type": "x", "laedId": "7" }], "expect": [] }] }', /laedId/],
  [
    '{ "cases": [{ "name": "a",\n "events": [{ "type": "x", "time": "noon" }], "expect": [] }] }',
    /"noon" is no time/,
  ],
  [
    '{ "cases": [{ "name": "a",\n "events": [{ "type": "x" }], "expect": [{ "action": "slack", "at": "noon" }] }] }',
    /"noon" is no time/,
  ],
  [
    '{ "cases": [{ "name": "a",\n "given": { "acted": [{ "rule": "x", "time": "noon" }] }, "events": [{ "type": "x" }], "expect": [] }] }',
    /"noon" is no time/,
  ],
  [
    '{ "cases": [{ "name": "a",\n "given": { "acted": [{ "rule": "x" }] }, "events": [{ "type": "x" }], "expect": [] }] }',
    /needs "time"/,
  ],
  [
    '{ "cases": [{ "name": "a",\n "events": [{ "type": "x" }], "expect": [], "outcomes": ["wait"] }] }',
    /must be "fired", "waiting".*not "wait"/,
  ],
  ['{ "cases": ', /value is missing/],
])('tells what is wrong with %s', (text, message) => {
  const { cases, problems } = readRuleTestFile('a.test.json', text);
  expect(cases).toEqual([]);
  expect(problems[0]?.message).toMatch(message);
  expect(problems[0]).toMatchObject({ file: 'a.test.json', severity: 'error' });
});
