import type { ConditionNode } from '../rule.js';
import { aRule, anEvent } from '../../../test/pure/engine/samples.js';
import { explain } from './explain.js';
import { explanationLines } from './explanation.js';
import { FactScope } from './facts.js';

const shared = {
  conditions: { 'is-us': { any: [{ fact: 'lead', path: '$.country', operator: 'equal', value: 'US' }] } },
  lists: { states: ['CA'] },
};
const scope = new FactScope(
  anEvent({ leadId: '7', data: { lead: { country: 'US', state: 'CA' }, owner: '8' } }),
  undefined,
);

async function linesFor(conditions: ConditionNode, on = ['*']): Promise<string[]> {
  return explanationLines(await explain(aRule({ conditions, on }), scope, shared));
}

describe('explain', () => {
  it('shows every condition with what it expected and what it found', async () => {
    const lines = await linesFor({
      all: [
        { condition: 'is-us' },
        { fact: 'lead', path: '$.state', operator: 'isEmpty', value: true },
        { not: { fact: 'lead', path: '$.state', operator: 'inList', value: 'states' } },
        { fact: 'leadId', operator: 'equal', value: { fact: 'data', path: '$.owner' }, name: 'owned' },
        { fact: 'data', path: '$.missing', operator: 'exists', value: false },
      ],
    });
    expect(lines).toEqual([
      '✗ not matched',
      '  ✗ all',
      '    ✓ condition is-us',
      '      ✓ any',
      '        ✓ lead $.country equal "US" — was "US"',
      '    ✗ lead $.state isEmpty true — was "CA"',
      '    ✗ not',
      '      ✓ lead $.state inList "states" — was "CA"',
      '    ✗ owned: leadId equal data $.owner = "8" — was "7"',
      '    ✓ data $.missing exists false — was missing',
    ]);
  });

  it('says what was not reached', async () => {
    const lines = await linesFor({
      any: [
        { fact: 'leadId', operator: 'equal', value: '7', priority: 9 },
        { fact: 'leadId', operator: 'equal', value: '8' },
      ],
    });
    expect(lines).toEqual([
      '✓ matched',
      '  ✓ any',
      '    ✓ leadId equal "7" — was "7"',
      '    · leadId equal "8" — not reached',
    ]);
  });

  it('explains a rule that is nothing but a shared condition', async () => {
    expect((await linesFor({ condition: 'is-us' })).slice(0, 3)).toEqual([
      '✓ matched',
      '  ✓ condition is-us',
      '    ✓ any',
    ]);
  });

  it('says that the type is another, and explains the conditions all the same', async () => {
    const lines = await linesFor({ condition: 'is-us' }, ['marketo.audit.*']);
    expect(lines[0]).toBe('✗ type does not match: marketo.activity.newlead is not among marketo.audit.*');
    expect(lines).toHaveLength(4);
  });

  it('reports a condition that cannot be evaluated', async () => {
    const conditions = { all: [{ fact: 'leadId', operator: 'in', value: 5 }] };
    const explanation = await explain(aRule({ conditions }), scope, shared);
    expect(explanation.verdict).toBe('errored');
    expect(explanation.error).toEqual(expect.any(String));
  });

  it('keeps overlapping runs apart', async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const conditions = { all: [{ fact: 'leadId', operator: 'equal', value: String(index) }] };
        return (await explain(aRule({ conditions }), scope, shared)).verdict;
      }),
    );
    expect(verdicts.filter((verdict) => verdict === 'matched')).toHaveLength(1);
    expect(verdicts[7]).toBe('matched');
  });

  it('leaves the rule as it was', async () => {
    const rule = aRule({ conditions: { all: [{ condition: 'is-us' }] } });
    const before = JSON.stringify([rule, shared]);
    await explain(rule, scope, shared);
    expect(JSON.stringify([rule, shared])).toBe(before);
  });
});
