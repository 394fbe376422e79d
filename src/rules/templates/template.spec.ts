import fc from 'fast-check';
import type { Landing } from '../../contracts/action-kind.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { TemplateError } from './template-error.js';
import type { TemplateScope } from './template-scope.js';
import { compileTemplate } from './template.js';

const event: CanonicalEvent = {
  id: '123-ABC-456:8d1f',
  type: 'marketo.activity.filloutform',
  connection: 'a-source',
  source: 'urn:marketo_activity_stream',
  time: '2026-03-09T16:04:05Z',
  receivedAt: '2026-03-09T16:04:06Z',
  stream: 'lead-activity',
  munchkinId: '123-ABC-456',
  leadId: '7',
  data: {
    primaryAttributeValue: 'Spring Event.Sign-up',
    campaignName: 'Nurture',
    nested: { list: ['a', 'b'] },
  },
  attributes: { 'Client IP Address': '192.0.2.7', 'Webpage ID': 42 },
  oddities: [],
};

function scopeWith(changes: Partial<TemplateScope> = {}): TemplateScope {
  const { type, data, attributes, leadId, munchkinId, time } = event;
  const rule = { id: 'leads/hot', description: 'Hot leads', owner: 'ops@acme.example' };
  const lead = { firstName: 'Ada', email: 'ada@acme.example', 'Job Title': 'Engineer', country: 'Norway' };
  return {
    event,
    type,
    data,
    attributes,
    leadId,
    munchkinId,
    time,
    lead,
    usage: { percent: 41.5, topUser: { userId: 'crm-sync' } },
    now: { hour: 17, minute: 4, weekday: 1, date: '2026-03-09' },
    rule,
    facts: { count: 3, 'Clicks of the day': 5 },
    events: [event],
    count: 1,
    throttled: { count: 2, events: ['a', 'b'] },
    ...changes,
  };
}

function render(text: string, changes?: Partial<TemplateScope>, landing: Landing = 'text'): string {
  return String(compileTemplate(text, landing).render(scopeWith(changes)));
}

function failure(action: () => unknown): TemplateError {
  try {
    action();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('values', () => {
  it.each([
    ['plain text', 'plain text'],
    ['Lead {{ leadId }} of {{ event.munchkinId }}', 'Lead 7 of 123-ABC-456'],
    ["{{ attributes['Webpage ID'] }} {{ data.nested.list | join: '+' }}", '42 a+b'],
    ['{{ data.nested }}', '{"list":["a","b"]}'],
    ['{{ data.nested.list }}', 'a, b'],
    ['[{{ data.absent.deeper }}]', '[]'],
    ['{{ data.absent | default: "none" }}', 'none'],
    ['{{ time | date: "%d %b %Y %H:%M" }}', '09 Mar 2026 16:04'],
    ['{{ "2026-01-02 03:04:05" | date: "%H:%M %Y" }}', '03:04 2026'],
    ['{% if lead.Country == "Norway" %}north{% else %}elsewhere{% endif %}', 'north'],
    ['{% for x in data.nested.list %}{{ forloop.index }}{{ x }}{% endfor %}', '1a2b'],
    ['{% assign who = lead.firstName | upcase %}{{ who }}', 'ADA'],
    ['{{ rule.id }} {{ throttled.count }}', 'leads/hot 2'],
    ["{{ facts.count }} {{ facts['Clicks of the day'] }}", '3 5'],
    ['{{ count }}: {% for each in events %}{{ each.leadId }}{% endfor %}{{ then.leadId }}', '1: 7'],
  ])('%s', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it('reads own members only', () => {
    expect(
      render('{{ data.constructor }}{{ data.__proto__ }}{{ lead.toString }}{{ type.constructor }}'),
    ).toBe('');
  });
});

describe('tokens of Marketo', () => {
  it.each([
    ['{{lead.First Name}}', 'Ada'],
    ['{{lead.first_name}} {{ lead.Email Address }}', 'Ada ada@acme.example'],
    ['{{lead.City:default=your town}}', 'your town'],
    ['{{ lead.Job Title:default=you | upcase }}', 'ENGINEER'],
    ['{{lead.City}}', ''],
    ['{{trigger.Name}} {{trigger.client ip address}}', 'Spring Event.Sign-up 192.0.2.7'],
    ['{{campaign.name}}{{program.id}}', 'Nurture'],
    [
      '{{system.date}}|{{system.time}}|{{system.dateTime}}',
      'Mar 09, 2026|04:04 PM (GMT +0000)|2026-03-09 16:04:05',
    ],
  ])('%s', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it('takes the default for an empty value', () => {
    expect(render('Hi {{lead.First Name:default=there}}', { lead: { firstName: '' } })).toBe('Hi there');
  });

  it('warns of a token whose value cannot be known, and renders its default', () => {
    const template = compileTemplate('One\n {{my.Signature:default=Regards}}', 'text');
    expect(template.render(scopeWith())).toBe('One\n Regards');
    expect(template.warnings).toEqual([
      {
        line: 2,
        column: 4,
        message: 'The value of {{my.Signature}} is not known here; it will read "Regards".',
      },
    ]);
  });

  it('points at a mistyped option', () => {
    expect(failure(() => compileTemplate('{{lead.City:defualt=x}}', 'text')).message).toMatch(
      /Did you mean `default`/,
    );
  });
});

describe('errors before an event comes', () => {
  it.each([
    ['Hi\n  {{ leed.name }}', 2, 6, 'There is no `leed` here. Did you mean `lead`?'],
    ['{{ leadId | upcas }}', 1, 1, 'There is no filter `upcas`. Did you mean `upcase`?'],
    ['{{ leadId | raw }}', 1, 1, 'There is no filter `raw`.'],
    ['{% include "/etc/passwd" %}', 1, 1, 'There is no tag `include`.'],
    ['{% fore x in data %}{% endfor %}', 1, 1, 'There is no tag `fore`. Did you mean `for`?'],
    ['{% if leadId %}', 1, 1, 'The template cannot be read: tag {% if leadId %} not closed'],
    ['{% assign lead = data %}', 1, 11, '`lead` is a fact and cannot be assigned to; choose another name.'],
    ['At {{ "now" | date: "%H" }}', 1, 7, expect.stringContaining('A template has no clock')],
    ['{{ zzzzzzzz }}', 1, 4, expect.stringContaining('There are event, type, data')],
  ])('%s', (text, line, column, message) => {
    expect(failure(() => compileTemplate(text, 'text'))).toMatchObject({
      line,
      column,
      message: message as string,
    });
  });

  it.each(['render', 'layout', 'block', 'capture', 'increment', 'tablerow', 'cycle', 'liquid'])(
    'has no tag %s',
    (tag) => {
      expect(failure(() => compileTemplate(`{% ${tag} x %}`, 'text')).message).toContain(`no tag \`${tag}\``);
    },
  );

  it('refuses an endless text', () => {
    expect(failure(() => compileTemplate('x'.repeat(40_000), 'text')).message).toContain('32768');
  });
});

describe('bounds', () => {
  it.each([
    ['a huge range', '{% for i in (1..100000000) %}{% endfor %}', 'too much'],
    [
      'loops in loops',
      '{% for i in (1..900) %}{% for j in (1..900) %}{% endfor %}{% endfor %}',
      'too much|steps',
    ],
    [
      'a text that doubles',
      "{% assign x = 'ab' %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}",
      'too much',
    ],
    ['a long output', '{% for i in (1..9000) %}0123456789{% endfor %}', 'longer than 32768'],
  ])('%s', (_name, text, message) => {
    expect(failure(() => render(text)).message).toMatch(new RegExp(message));
  });

  it.each([
    ['looks for each tag in a text', '{% if data.text contains tag %}.{% endif %}'],
    ['looks for each tag in a list', '{% if data.list contains tag %}.{% endif %}'],
    ['compares lists', '{% if data.list == data.same %}.{% endif %}'],
    ['asks a filter about a list', '{% assign x = data.list | has: "a", tag %}'],
    ['calculates with a list', '{% assign x = data.list | plus: 1 %}'],
  ])('stops a loop that %s', (_name, inner) => {
    const tags = Array.from({ length: 3_000 }, (_, i) => `q${i}`);
    const list = Array.from({ length: 10_000 }, () => 'z');
    const data = { tags, list, same: [...list], text: 'z'.repeat(200_000) };
    expect(failure(() => render(`{% for tag in data.tags %}${inner}{% endfor %}`, { data })).message).toMatch(
      'makes too much',
    );
  });

  it('lets a loop look for some tags in a text', () => {
    const data = { tags: ['a', 'b', 'c'], text: `${'z'.repeat(20_000)}b` };
    const text = '{% for tag in data.tags %}{% if data.text contains tag %}{{ tag }}{% endif %}{% endfor %}';
    expect(render(text, { data })).toBe('b');
  });

  it('refuses a long value', () => {
    expect(failure(() => render('{{ data.x }}', { data: { x: 'y'.repeat(40_000) } })).message).toContain(
      'longer than',
    );
  });

  it('has no clock, whatever a value says', () => {
    expect(render('{{ data.x | date: "%Y" }}', { data: { x: 'now' } })).toBe('now');
  });
});

describe('escaping', () => {
  it('lets nobody ping a channel from a form field, and leaves the author free to', () => {
    const text = render('<!here> {{ data.x }}', { data: { x: '<!channel> & co' } }, 'slack');
    expect(text).toBe('<!here> &lt;!channel&gt; &amp; co');
  });

  it('keeps a header on one line', () => {
    expect(render('New: {{ data.x }}', { data: { x: 'a\r\nBcc: b@c.example' } }, 'header')).toBe(
      'New: a Bcc: b@c.example',
    );
  });

  it.each<Landing>(['slack', 'markdown', 'html', 'header', 'text'])(
    'brings no half of a character into %s',
    (landing) => {
      expect(render('{{ data.x }}', { data: { x: 'a\ud83db' } }, landing)).toBe('a\ufffdb');
    },
  );

  const hostile = fc.oneof(
    fc.string({
      unit: fc.constantFrom('<', '>', '&', '\n', '\r', '\u2028', '\0', '"', '{{', '}}', '!', 'a'),
    }),
    fc.string({ unit: 'binary' }),
  );
  // Every way by which a value can reach the output.
  const everyWay = [
    '{{ data.x }}',
    '{{ lead.First Name }}',
    '{{lead.absent | default: data.x}}',
    '{{ data | json }}',
    '{{ data }}',
    '{% assign y = data.x | append: data.x %}{{ y }}',
    '{% for y in data.list %}{{ y }}{% endfor %}',
    '{% if data.x %}{{ data.x | truncate: 5, data.x }}{% endif %}',
    "{{ 'a' | replace: 'a', data.x }}",
    '{{ data.x | date: data.x }}',
    '{{ data.x | split: "" | join: data.x | base64_encode }}',
  ];

  it.each<[Landing, RegExp]>([
    ['slack', /[<>]|&(?!amp;|lt;|gt;)/],
    ['markdown', /[<>]|&(?!amp;|lt;|gt;)|(?<!\\)(?:\\\\)*[`*_~[\]#|]/],
    ['html', /[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/],
    // eslint-disable-next-line no-control-regex
    ['header', /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/],
    // eslint-disable-next-line no-control-regex
    ['text', /\u0000/],
  ])('no value brings anything forbidden into %s', (landing, forbidden) => {
    const templates = everyWay.map((text) => compileTemplate(text, landing));
    fc.assert(
      fc.property(hostile, (x) => {
        const scope = scopeWith({ data: { x, list: [x, { x }] }, lead: { firstName: x } });
        for (const template of templates) expect(template.render(scope)).not.toMatch(forbidden);
      }),
    );
  });
});

it('knows the clock at the time of the event, and what Marketo says of the API calls', () => {
  expect(render('{{ now.date }} {{ now.hour }}:{{ now.minute }} on day {{ now.weekday }}')).toBe(
    '2026-03-09 17:4 on day 1',
  );
  expect(render('{{ usage.percent | round }} %, most of them {{ usage.topUser.userId }}')).toBe(
    '42 %, most of them crm-sync',
  );
  expect(render('{{ usage.percent }}', { usage: undefined })).toBe('');
});

it('tells what a text names and where, as far as it is known', () => {
  const text = "{{ facts.clicks }} {% if then %}{{ then.data['a b'] }}{% endif %}\n{{ facts[data.name].x }}";
  expect(compileTemplate(text, 'text').uses).toEqual([
    { names: ['facts', 'clicks'], line: 1, column: 4 },
    { names: ['facts'], line: 2, column: 4 },
    { names: ['then'], line: 1, column: 26 },
    { names: ['then', 'data', 'a b'], line: 1, column: 36 },
    { names: ['data', 'name'], line: 2, column: 10 },
  ]);
});
