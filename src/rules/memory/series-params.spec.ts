import { horizonMs, LONGEST_WITHIN_MS, readSeriesParams } from './series-params.js';
import type { Measure } from './stateful-facts.js';

const ON = ['marketo.activity.clicklink'];
const DAY = 24 * 3_600_000;

describe('the params of a stateful fact', () => {
  it.each<[Measure, unknown, object]>([
    ['count', { within: '1h' }, { on: ON, per: [], withinMs: 3_600_000, windows: 7 }],
    ['count', { within: '1h', on: 'a', per: 'leadId' }, { on: ['a'], per: ['leadId'] }],
    [
      'count',
      { within: '1h', on: ['a', 'b'], per: ['leadId', 'data.x'] },
      { on: ['a', 'b'], per: ['leadId', 'data.x'] },
    ],
    ['count', { within: '90d', where: { all: [] } }, { where: { all: [] }, withinMs: LONGEST_WITHIN_MS }],
    ['sum', { within: '1h', of: '$.data.x' }, { of: 'data.x' }],
    ['sum', { within: '1h', of: "attributes['A b']" }, { of: "attributes['A b']" }],
    ['previous', { of: 'data.x' }, { withinMs: 30 * DAY }],
    ['sinceLast', undefined, { measure: 'sinceLast', on: ON, withinMs: 30 * DAY }],
    ['spike', { within: '1h', windows: 3 }, { windows: 3 }],
  ])('of %s, %j, are a question', (measure, params, expected) => {
    const read = readSeriesParams(measure, params, ON);
    expect(read).toMatchObject({ question: expected });
  });

  it.each<[Measure, unknown, readonly string[], string]>([
    ['count', 7, [], '"params" must be an object'],
    ['count', {}, [], 'the fact "count" needs "within" in its "params", such as "24h"'],
    ['spike', {}, [], 'the fact "spike" needs "within" in its "params", such as "24h"'],
    ['count', { within: '1 hour' }, ['within'], '"within" must be a duration such as "30m", "24h" or "7d"'],
    ['count', { within: '0s' }, ['within'], '"within" must be a duration such as "30m", "24h" or "7d"'],
    [
      'previous',
      { of: 'x', within: 7 },
      ['within'],
      '"within" must be a duration such as "30m", "24h" or "7d"',
    ],
    ['count', { within: '91d' }, ['within'], '"within" can be 90 days at most'],
    ['spike', { within: '12d' }, ['within'], '"within" can be 90 days at most, all 8 windows together'],
    ['spike', { within: '1h', windows: 0 }, ['windows'], '"windows" must be a whole number from 1 to 100'],
    ['spike', { within: '1h', windows: 1.5 }, ['windows'], '"windows" must be a whole number from 1 to 100'],
    ['count', { within: '1h', windows: 3 }, ['windows'], '"windows" has no effect on "count"'],
    ['count', { within: '1h', of: 'x' }, ['of'], '"of" has no effect on "count"'],
    [
      'sum',
      { within: '1h' },
      [],
      'the fact "sum" needs "of" in its "params": the path of a value in the event',
    ],
    ['sum', { within: '1h', of: 7 }, ['of'], '"of" must be a path into the event'],
    [
      'sum',
      { within: '1h', of: '$' },
      ['of'],
      '"of" is written without "$", as in "leadId" or "data.campaignId"',
    ],
    [
      'sum',
      { within: '1h', of: 'data..x' },
      ['of'],
      '"of": path "$.data..x": recursive descent (`..`) is not supported',
    ],
    ['count', { within: '1h', on: [] }, ['on'], '"on" must be an event type or a list of them'],
    ['count', { within: '1h', on: 7 }, ['on'], '"on" must be an event type or a list of them'],
    ['count', { within: '1h', where: [] }, ['where'], '"where" must be a conditions object'],
    [
      'count',
      { within: '1h', per: 7 },
      ['per'],
      '"per" must be a path into the event such as "leadId", or a list of them',
    ],
    [
      'count',
      { within: '1h', per: '$.leadId' },
      ['per'],
      '"per" is written without "$", as in "leadId" or "data.campaignId"',
    ],
    ['count', { within: '1h', perr: 'leadId' }, ['perr'], 'unknown member "perr" of "params"'],
  ])('of %s, %j, are wrong at %j: %s', (measure, params, at, message) => {
    const read = readSeriesParams(measure, params, ON);
    expect('problems' in read && read.problems).toEqual([expect.objectContaining({ at, message })]);
  });

  it('are told every problem at once, with the nearest right word', () => {
    const read = readSeriesParams('sum', { witin: '1h', on: [] }, ON);
    const problems = 'problems' in read ? read.problems : [];
    expect(problems.map(({ at }) => at)).toEqual([['witin'], ['on'], [], []]);
    expect(problems[0]?.suggestion).toBe('within');
  });
});

describe('the horizon', () => {
  it('is the window, and of spike all windows', () => {
    expect(horizonMs({ measure: 'count', withinMs: DAY, windows: 7 })).toBe(DAY);
    expect(horizonMs({ measure: 'spike', withinMs: DAY, windows: 7 })).toBe(8 * DAY);
  });
});
