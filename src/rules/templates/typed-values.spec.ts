import type { JsonObject } from '../../contracts/json.js';
import type { TemplateScope } from './template-scope.js';
import { compileTemplate } from './template.js';

function valueOf(text: string, data: JsonObject = {}): unknown {
  const scope = { data, lead: { leadScore: 41 }, facts: { count: 3 } } as unknown as TemplateScope;
  return compileTemplate(text, 'text', true).render(scope);
}

describe('a text that keeps the type of its value', () => {
  const data = {
    points: 15,
    ok: true,
    list: [1, { a: 'b' }],
    deep: { n: 0 },
    none: null,
    text: '7',
    x: 'a\0b',
  };

  it.each<[string, unknown]>([
    ['{{ data.points }}', 15],
    ['{{data.points}}', 15],
    ['{{ data.points | times: 2 }}', 30],
    ['{{ data.ok }}', true],
    ['{{ data.list }}', [1, { a: 'b' }]],
    ['{{ data.deep }}', { n: 0 }],
    ['{{ data.none }}', null],
    ['{{ data.missing }}', null],
    ['{{ data.missing | default: 3 }}', 3],
    ['{{ data.text }}', '7'],
    ['{{ data.x }}', 'ab'],
    ['{{ data.points | divided_by: 0.0 }}', 'null'],
    ['{{ facts.count }}', 3],
    ['{{lead.Lead Score}}', 41],
    ['{{lead.Fit Score:default=0}}', '0'],
    ['{{ "}" }}', '}'],
  ])('%s is %j', (text, expected) => {
    expect(valueOf(text, data)).toEqual(expected);
  });

  it.each<[string, string]>([
    [' {{ data.points }}', ' 15'],
    ['{{ data.points }}{{ data.points }}', '1515'],
    ['{% if data.ok %}{{ data.points }}{% endif %}', '15'],
    ['{{ data.points }} points', '15 points'],
    ['15', '15'],
  ])('is a text when anything stands beside: %s', (text, expected) => {
    expect(valueOf(text, data)).toBe(expected);
  });

  it('is bounded like any text', () => {
    const long = Array.from({ length: 20_000 }, () => 7);
    expect(() => valueOf('{{ data.long }}', { long })).toThrow('32768');
    expect(() => valueOf('{{ data.points | wat }}')).toThrow('no filter `wat`');
  });
});
