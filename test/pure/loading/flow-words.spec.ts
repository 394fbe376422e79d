import { formatProblem } from '../../../src/rules/loading/problem.js';
import type { Rule } from '../../../src/rules/rule.js';
import { check, rule } from './checking.js';

describe('a word of time and flow', () => {
  const click = '"on": "marketo.activity.clicklink"';
  const day = 86_400_000;

  it.each<[string, Partial<Rule>]>([
    ['"timeZone": "America/New_York"', { timeZone: 'America/New_York' }],
    [
      `"then": { ${click}, "within": "1d" }`,
      {
        then: {
          on: ['marketo.activity.clicklink'],
          conditions: { all: [] },
          per: ['leadId'],
          withinMs: day,
        },
      },
    ],
    [
      `"unless": { ${click}, "conditions": { "not": { "fact": "type", "operator": "equal", "value": "a" } }, "per": ["munchkinId", "data.x"], "within": "90d" }`,
      {
        unless: {
          on: ['marketo.activity.clicklink'],
          conditions: { not: { fact: 'type', operator: 'equal', value: 'a' } },
          per: ['munchkinId', 'data.x'],
          withinMs: 90 * day,
        },
      },
    ],
    [
      '"throttle": { "per": ["leadId", "data.x"], "every": "1d" }',
      { throttle: { per: ['leadId', 'data.x'], everyMs: day } },
    ],
    ['"throttle": { "per": [], "every": "1d" }', { throttle: { per: [], everyMs: day } }],
    ['"limit": { "firings": 100 }', { limit: { withinMs: 3_600_000, firings: 100 } }],
    [
      '"limit": { "leads": 50, "messages": 20, "per": "24h" }',
      { limit: { withinMs: day, leads: 50, messages: 20 } },
    ],
    ['"group": { "wait": "1d" }', { group: { per: [], waitMs: day, max: 100 } }],
    [
      '"group": { "per": "leadId", "wait": "1d", "max": 1 }',
      { group: { per: ['leadId'], waitMs: day, max: 1 } },
    ],
    [
      '"timeZone": "Europe/Berlin", "activeHours": { "days": "mon-fri" }',
      {
        activeHours: {
          days: [1, 2, 3, 4, 5],
          from: 0,
          to: 1440,
          timeZone: 'Europe/Berlin',
          outside: 'defer',
        },
      },
    ],
    [
      '"activeHours": { "days": ["Sunday", "fri-mon"], "hours": "22:00 - 6:30", "timeZone": "Asia/Tokyo", "outside": "drop" }',
      { activeHours: { days: [1, 5, 6, 7], from: 1320, to: 390, timeZone: 'Asia/Tokyo', outside: 'drop' } },
    ],
    [
      '"activeHours": { "hours": "09:00-24:00" }',
      {
        activeHours: { days: [1, 2, 3, 4, 5, 6, 7], from: 540, to: 1440, timeZone: 'UTC', outside: 'defer' },
      },
    ],
    ['"inhibitedBy": "leads/hot"', { inhibitedBy: [{ rule: 'leads/hot', withinMs: 3_600_000, per: [] }] }],
    [
      '"inhibitedBy": ["is-customer", { "condition": "is-customer" }, { "rule": "leads/hot", "within": "2d", "per": "leadId" }]',
      {
        inhibitedBy: [
          { condition: 'is-customer' },
          { condition: 'is-customer' },
          { rule: 'leads/hot', withinMs: 2 * day, per: ['leadId'] },
        ],
      },
    ],
    ['"priority": "high"', { priority: 'high' }],
    ['"expires": "2999-12-31"', { expires: Date.parse('3000-01-01T00:00:00Z') }],
    [
      '"timeZone": "America/New_York", "expires": "2999-07-31"',
      { expires: Date.parse('2999-08-01T04:00:00Z') },
    ],
    [
      '"timeZone": "America/New_York", "expires": "2999-12-31T18:00"',
      { expires: Date.parse('2999-12-31T23:00:00Z') },
    ],
    [
      '"timeZone": "America/New_York", "expires": "2999-12-31T18:00:00+02:00"',
      { expires: Date.parse('2999-12-31T16:00:00Z') },
    ],
  ])('is read: %s', (members, expected) => {
    const { rule: checked, problems } = check(rule(members));
    expect(problems.map(formatProblem)).toEqual([]);
    expect(checked).toMatchObject(expected);
  });

  it('has a time that the clocks of its zone leap over, or show twice', () => {
    const berlin = (expires: string) =>
      check(rule(`"timeZone": "Europe/Berlin", "expires": "${expires}"`)).rule?.expires;
    expect(berlin('2027-03-28T02:30')).toBe(Date.parse('2027-03-28T01:30:00Z'));
    expect([Date.parse('2027-10-31T00:30:00Z'), Date.parse('2027-10-31T01:30:00Z')]).toContain(
      berlin('2027-10-31T02:30'),
    );
  });

  it.each([
    ['"0 9 * * 1-5"', { cron: '0 9 * * 1-5', timeZone: 'Europe/Berlin', missed: 'last' }],
    [
      '{ "cron": "*/10 * 1 JAN MON", "missed": "all" }',
      { cron: '*/10 * 1 JAN MON', timeZone: 'Europe/Berlin', missed: 'all' },
    ],
  ])('sets a rule off by the clock: %s', (every, expected) => {
    const members = `"every": ${every}, "timeZone": "Europe/Berlin"`;
    const own = { fact: 'data', path: '$.rule', operator: 'equal', value: 'x' };
    const text = (more: string) =>
      rule(`${members}${more}`).replace('"on": "marketo.activity.newlead", ', '');
    expect(check(text(''))).toMatchObject({
      rule: { on: ['signalman.schedule'], every: expected, conditions: { all: [own] } },
      problems: [],
    });
    const quota =
      '{ "any": [{ "fact": "usage", "path": "$.percent", "operator": "greaterThan", "value": 80 }] }';
    expect(check(text(`, "conditions": ${quota}`))).toMatchObject({
      rule: { conditions: { all: [own, JSON.parse(quota)] } },
      problems: [],
    });
  });
});

describe('a fact that remembers', () => {
  it.each([
    ['"count", "params": { "within": "24h" }', 3],
    [
      '"count", "params": { "on": "marketo.activity.clicklink", "per": ["leadId", "data.x"], "within": "90d" }',
      0,
    ],
    [
      '"count", "params": { "on": "com.acme.*", "where": { "all": [{ "fact": "data", "path": "$.a", "operator": "equal", "value": 1 }] }, "within": "1w" }',
      3,
    ],
    ['"distinct", "params": { "of": "$.attributes[\'Lead Source\']", "within": "24h" }', 511],
    ['"avg", "params": { "of": "data.total", "within": "24h" }', 3],
    ['"sinceLast", "params": { "per": "leadId" }', 3],
    ['"sinceLast"', 3],
    ['"spike", "params": { "within": "1d", "windows": 89 }', 3],
    ['"previous", "path": "$.deep", "params": { "of": "data.x", "per": "leadId" }', 3],
    ['"now", "path": "$.hour"', 17],
    ['"usage", "path": "$.forecastAtMidnight"', 17],
  ])('is found good: %s', (fact, value) => {
    const more = `"conditions": { "all": [{ "fact": ${fact}, "operator": "greaterThan", "value": ${value} }] }`;
    const { rule: checked, problems } = check(rule(more));
    expect(problems.map(formatProblem)).toEqual([]);
    expect(checked).toBeDefined();
  });

  it('may stand on the other side, and counts the events of the rule that it stands in', () => {
    const other = '{ "fact": "count", "params": { "within": "1d", "per": "leadId" } }';
    const more = `"conditions": { "all": [{ "fact": "data", "path": "$.x", "operator": "greaterThan", "value": ${other} }] }`;
    expect(check(rule(more)).problems).toEqual([]);
    const wrong = more.replace('leadId', 'leedId');
    expect(check(rule(wrong)).problems).toMatchObject([{ code: 'path.per', suggestion: 'leadId' }]);
  });
});
