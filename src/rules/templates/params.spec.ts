import { Type } from '@sinclair/typebox';
import { analyseParams, compileParams } from './params.js';
import { TemplateError } from './template-error.js';
import type { TemplateScope } from './template-scope.js';

const schema = Type.Object({
  to: Type.String(),
  text: Type.String({ landing: 'slack' }),
  subject: Type.Optional(Type.String({ landing: 'header' })),
  blocks: Type.Optional(Type.Array(Type.Unknown(), { landing: 'slack' })),
  body: Type.Optional(Type.Union([Type.String({ landing: 'html' }), Type.Number()])),
  fields: Type.Optional(Type.Record(Type.String(), Type.String({ landing: 'html' }))),
  data: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { landing: 'text', keepsType: true })),
});

const scope = { data: { x: '<b>\n' }, leadId: '7', lead: {} } as unknown as TemplateScope;
const x = '{{ data.x }}';

it('renders every text for where it lands and passes the rest through', () => {
  const params = {
    to: 'ops',
    text: x,
    subject: x,
    blocks: [{ type: 'section', text: { text: x }, n: 3 }],
    body: x,
    fields: { a: x },
    unknown: [x, null, true, 1],
  };
  expect(compileParams(params, schema).render(scope)).toEqual({
    to: 'ops',
    text: '&lt;b&gt;\n',
    subject: '<b> ',
    blocks: [{ type: 'section', text: { text: '&lt;b&gt;\n' }, n: 3 }],
    body: '&lt;b&gt;\n',
    fields: { a: '&lt;b&gt;\n' },
    unknown: ['<b>\n', null, true, 1],
  });
});

it('keeps the type of a value where the schema says so, and only for a text that is nothing else', () => {
  const data = {
    n: '{{ data.n }}',
    deep: [{ list: '{{ data.list }}' }, '{{ data.n }} of {{ data.n }}'],
    is: true,
  };
  const params = { to: '{{ data.n }}', text: '{{ data.n }}', data };
  expect(compileParams(params, schema).render({ ...scope, data: { n: 7, list: [1, '<'] } })).toEqual({
    to: '7',
    text: '7',
    data: { n: 7, deep: [{ list: [1, '<'] }, '7 of 7'], is: true },
  });
});

it('tells where a text names what', () => {
  const params = { to: 'ops', text: '{{ facts.a }}', blocks: ['x', { text: 'b\n{{ then.leadId }}' }] };
  expect(analyseParams(params, schema).uses).toEqual([
    { path: ['text'], names: ['facts', 'a'], line: 1, column: 4 },
    { path: ['blocks', 1, 'text'], names: ['then', 'leadId'], line: 2, column: 4 },
  ]);
});

it('names the text that cannot be compiled', () => {
  const params = { to: 'ops', text: 'ok', blocks: ['fine', { text: 'a\n{{ wat }}' }] };
  expect(() => compileParams(params, schema)).toThrow(
    expect.objectContaining({ path: ['blocks', 1, 'text'], line: 2, column: 4 }) as TemplateError,
  );
});

it('lists all problems at once', () => {
  const { problems } = analyseParams({ to: '{{ a }}', text: '{{my.Token}}', body: '{{ b }}' }, schema);
  expect(problems.map(({ severity, path }) => [severity, ...path])).toEqual([
    ['error', 'to'],
    ['warning', 'text'],
    ['error', 'body'],
  ]);
});

it('names the text that fails on a value', () => {
  const compiled = compileParams({ to: 'ops', text: '{{ data.long }}' }, schema);
  const long = { ...scope, data: { long: 'y'.repeat(40_000) } };
  expect(() => compiled.render(long)).toThrow(expect.objectContaining({ path: ['text'] }) as TemplateError);
});

describe('the fields of the lead that texts read', () => {
  const fieldsOf = (...texts: string[]) => analyseParams({ to: 'ops', blocks: texts }, schema).leadFields;

  it.each<[string, string[] | 'all']>([
    ['{{ lead.country }} of {{ leadId }}', ['country']],
    ['{{lead.First Name:default=there}} {{ lead.Job Title | upcase }}', ['First Name', 'Job Title']],
    ['{{lead.Email Address}} {{ lead.email }}', ['email']],
    ["{{ lead['Lead Score'] }}{{ lead.address.city }}", ['Lead Score', 'address']],
    ['{{ data.x | default: lead.city }}', ['city']],
    ['{% if lead.Country == "Norway" %}{{ attributes[lead.state] }}{% endif %}', ['Country', 'state']],
    ['{% assign who = lead.firstName %}{{ who }}', ['firstName']],
    ['{{ event.lead.x }} {{ trigger.Name }} {{ data.lead }}', []],
    ['{{ lead }}', 'all'],
    ['{{ lead[data.field] }}', 'all'],
    ['{% assign person = lead %}{{ person.city }}', 'all'],
    ['{% for field in lead %}{{ field }}{% endfor %}', 'all'],
  ])('%s', (text, expected) => {
    const fields = fieldsOf(text);
    expect(fields === 'all' ? fields : [...fields].sort()).toEqual(expected);
  });

  it('are those of all texts together, each once', () => {
    expect(fieldsOf('{{ lead.a }}', '{{ lead.b }}{{ lead.a }}', '{{ broken')).toEqual(['a', 'b']);
    expect(fieldsOf('{{ lead.a }}', '{{ lead }}')).toBe('all');
  });
});
