import type { Effect } from '../../contracts/effect.js';
import { differences, outcomeDifferences } from './compare.js';

function effect(type: string, params: Effect['params']): Effect {
  return {
    v: 1,
    id: 'e1',
    type,
    to: 'ops',
    params,
    guarantee: 'at-least-once',
    ruleId: 'a',
    ruleVersion: 'b',
    eventId: 'c',
    actionIndex: 0,
    origin: { hour: '2026-05-04T10', source: 'a-source', stream: 'lead-activity' },
    decidedAt: '2026-03-09T16:00:00Z',
  };
}

const slack = effect('slack', { text: 'hello', blocks: [{ a: 1, b: 2 }] });

it.each([
  [[]],
  [[{ action: 'slack' }]],
  [[{ action: 'slack', params: { to: 'ops', text: 'hello' } }]],
  [[{ action: 'slack', params: { blocks: [{ b: 2 }] } }]],
  [[{ action: 'slack', at: '2026-03-09T17:00:00+01:00' }]],
])('finds nothing wrong with %j', (expected) => {
  expect(differences(expected, expected.length === 0 ? [] : [slack])).toEqual([]);
});

it.each([
  [[], 'effect 1: not expected, but came: slack to ops {"text":"hello","blocks":[{"a":1,"b":2}]}'],
  [[{ action: 'slack' }, { action: 'email' }], 'effect 2: expected email, but nothing came'],
  [[{ action: 'email' }], 'effect 1: expected email, but came: slack to ops'],
  [[{ action: 'slack', params: { text: 'bye' } }], 'effect 1: slack text should be "bye", but is "hello"'],
  [[{ action: 'slack', params: { blocks: [{ b: '2' }] } }], 'slack blocks[0].b should be "2", but is 2'],
  [[{ action: 'slack', params: { blocks: [] } }], 'slack blocks should be [], but is [{"a":1,"b":2}]'],
  [
    [{ action: 'slack', at: '2026-03-09T16:00:01Z' }],
    'effect 1: slack should come at 2026-03-09T16:00:01Z, but comes at 2026-03-09T16:00:00Z',
  ],
  [[{ action: 'slack', params: { toString: 1 } }], 'slack toString should be 1, but is missing'],
])('tells what is wrong with %j', (expected, message) => {
  const found = differences(expected, [slack]);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});

it('compares outcomes where they are expected', () => {
  expect(outcomeDifferences(undefined, ['fired'])).toEqual([]);
  expect(outcomeDifferences(['waiting', 'fired'], ['waiting', 'fired'])).toEqual([]);
  expect(outcomeDifferences([], ['fired'])).toEqual(['outcomes should be [], but are ["fired"]']);
  expect(outcomeDifferences(['waiting', 'fired'], ['fired', 'waiting'])).toHaveLength(1);
});
