import fc from 'fast-check';
import { parsePath, parseSigned, parseTemplate, readPath, render, renderSigned } from './placeholders.js';

const BODY = {
  id: 'evt_1',
  amount: 12.5,
  paid: false,
  nothing: null,
  items: [{ sku: 'a' }, { 'a.b c': 'quoted' }],
};

function filled(text: string, headers: Record<string, string | undefined> = {}, body: unknown = BODY) {
  const template = parseTemplate(text);
  if ('problem' in template) throw new Error(template.problem);
  return render(template, body, headers);
}

describe('templates', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['shop.{$.items[0].sku}/{$.id}', 'shop.a/evt_1'],
    ['{$.amount} {$.paid}', '12.5 false'],
    [`{$.items[1]['a.b c']}{$["id"]}`, 'quotedevt_1'],
    ['github.{header.X-GitHub-Event}', 'github.push'],
    ['$.id costs $5', '$.id costs $5'],
  ])('fills %s', (text, expected) => {
    expect(filled(text, { 'x-github-event': 'push' })).toBe(expected);
  });

  it.each([
    '{$.nope}',
    '{$.id.length}',
    '{$.items.length}',
    '{$.items[2]}',
    '{$.items}',
    '{$}',
    '{$.nothing}',
    '{$.constructor.name}',
    '{$.__proto__}',
    '{header.toString}',
    '{header.x-none}',
  ])('finds nothing for %s', (text) => {
    expect(filled(`before ${text} after`, { 'x-none': undefined })).toBeUndefined();
  });

  it('finds a member named __proto__ where the body has one of its own', () => {
    expect(filled('{$.__proto__.a}', {}, JSON.parse('{"__proto__":{"a":"own"}}'))).toBe('own');
  });

  it.each([
    ['{$.a', 'the placeholder "{$.a" does not end: its "}" is missing'],
    ['a}', 'a "}" has no "{" before it'],
    ['{a.b}', '"{a.b}" is no placeholder: did you mean {$.a.b}?'],
    ['{{ $.a }}', '"{{ $.a }" is no placeholder: did you mean {$.a}?'],
    ['{body.data.id}', '"{body.data.id}" is no placeholder: did you mean {$.data.id}?'],
    ['{$a[0].b}', '"{$a[0].b}" is no placeholder: did you mean {$.a[0].b}?'],
    ['{headers.X-Event}', '"{headers.X-Event}" is no placeholder: did you mean {header.x-event}?'],
    ["{headers['X-Event']}", '"{headers[\'X-Event\']}" is no placeholder: did you mean {header.x-event}?'],
    ['{$.a[*]}', '"{$.a[*]}" is no placeholder: write {$.order.id} or {header.x-name}'],
    ['{}', '"{}" is no placeholder: write {$.order.id} or {header.x-name}'],
  ])('says what is wrong with %s', (text, problem) => {
    expect(parseTemplate(text)).toEqual({ problem });
  });

  it('gives back any text without braces, and reads anything in linear time', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const template = parseTemplate(text);
        if (/[{}]/.test(text)) expect('problem' in template || text.includes('$')).toBe(true);
        else expect(filled(text)).toBe(text);
      }),
    );
    for (const hostile of [
      '{'.repeat(100_000),
      '{$' + '.a'.repeat(100_000),
      '[0'.repeat(100_000),
      '{a-'.repeat(50_000),
    ])
      expect(parseTemplate(hostile)).toEqual(expect.anything());
  });
});

describe('paths', () => {
  const name = fc.oneof(
    fc.constantFrom('a', 'b', '__proto__', 'constructor', 'length', '0'),
    fc.string().filter((text) => !text.includes("'")),
  );

  it('lead to what lies there, and to nothing that an object inherits', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(name, fc.nat(3)), { maxLength: 5 }), fc.jsonValue(), (steps, leaf) => {
        const text = `$${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `['${step}']`)).join('')}`;
        const path = parsePath(text);
        if ('problem' in path) throw new Error(path.problem);
        const value = steps.reduceRight<unknown>(
          (inner, step) =>
            typeof step === 'number'
              ? [...Array.from({ length: step }, () => 0), inner]
              : (JSON.parse(`{${JSON.stringify(step)}:${JSON.stringify(inner)}}`) as unknown),
          JSON.parse(JSON.stringify(leaf)),
        );
        expect(readPath(path, value)).toEqual(JSON.parse(JSON.stringify(leaf)));
        if (steps.length > 0)
          expect([readPath(path, {}), readPath(path, []), readPath(path, 'x')]).toEqual([
            undefined,
            undefined,
            undefined,
          ]);
      }),
    );
  });

  it.each([
    ['payload.items', '"payload.items" is no path: did you mean $.payload.items?'],
    ['$payload', '"$payload" is no path: did you mean $.payload?'],
    ['{$.payload}', '"{$.payload}" is no path: a path is written like $.order.items[0].sku'],
    ['', '"" is no path: a path is written like $.order.items[0].sku'],
    ['$.a.', '"$.a." is no path: a path is written like $.order.items[0].sku'],
  ])('are refused with the right form: %s', (text, problem) => {
    expect(parsePath(text)).toEqual({ problem });
  });
});

describe('signed texts', () => {
  it('have the bytes of the body and the headers in them', () => {
    const template = parseSigned('v0:{header.X-Time}:{body}');
    if ('problem' in template) throw new Error(template.problem);
    const body = Buffer.from([0xff, 0x00]);
    expect(renderSigned(template, body, { 'x-time': '17' })).toEqual(
      Buffer.concat([Buffer.from('v0:17:'), body]),
    );
    expect(renderSigned(template, body, {})).toBeUndefined();
  });

  it('know no members of the body', () => {
    expect(parseSigned('{$.a}')).toHaveProperty('problem');
    expect(parseSigned('{bodyguard}')).toHaveProperty('problem');
  });
});
