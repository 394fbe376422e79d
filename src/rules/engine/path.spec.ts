import fc from 'fast-check';
import { JSONPath } from 'jsonpath-plus';
import { compilePath, PathError } from './path.js';

const NAMES = ['a', 'b', 'a b', 'length', 'constructor', '__proto__', 'toString', '0', '1', 'x-y', 'Ünï', ''];

/** json-rules-engine's default: the value itself where there is nothing to follow a path in. */
function reference(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return JSONPath<unknown>({ path, json: value, wrap: false });
}

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>('', 'text', 0, 5, true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries) as unknown),
  ),
})).value;

const step = fc.constantFrom(...NAMES).chain((name) => {
  const bracketed = [`['${name}']`, `["${name}"]`];
  if (name === '') return fc.constantFrom(...bracketed);
  return fc.constantFrom(`.${name}`, `[${name}]`, ...bracketed);
});

describe('compilePath', () => {
  it('finds what jsonpath-plus finds', () => {
    fc.assert(
      fc.property(json, fc.array(step, { maxLength: 4 }), (value, steps) => {
        const path = `$${steps.join('')}`;
        expect(compilePath(path)(value)).toEqual(reference(value, path));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['$', { a: 1 }, { a: 1 }],
    ['$.a.b', { a: { b: 2 } }, 2],
    ["$['a b'][0]", { 'a b': [3] }, 3],
    ["attributes['Campaign ID']", { attributes: { 'Campaign ID': 4 } }, 4],
    ["$['a.b']", { 'a.b': 5 }, 5],
    ['$.tags.length', { tags: [1, 2] }, 2],
    ['$.a', 'no object', 'no object'],
    ['$.constructor', {}, undefined],
    ['$.a.toString', { a: 'text' }, undefined],
  ])('%s', (path, value, expected) => {
    expect(compilePath(path)(value)).toEqual(expected);
  });

  it('takes a quoted name literally, signs of JSONPath included', () => {
    for (const name of ['*', '^', 'a,b', 'Form #1', '(x)', '@', "it's", '$']) {
      const quoted = name.includes("'") ? `$["${name}"]` : `$['${name}']`;
      expect(compilePath(quoted)({ [name]: 'found', a: 1, b: 2 })).toBe('found');
    }
  });

  it.each([
    '$..a',
    '$.*',
    '$[*]',
    '$[?(@.a)]',
    '$[(@.length-1)]',
    '$[0:2]',
    '$.a,b',
    '$.a^',
    '$a',
    '.a',
    '$.',
    "$['a",
  ])('refuses %s', (path) => {
    expect(() => compilePath(path)).toThrow(PathError);
  });
});
