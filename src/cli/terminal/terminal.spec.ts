import { harmless, paintIf, unlessNobodyReads } from './terminal.js';

it('takes it that the reader has seen enough, and no other error of writing', () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  expect(() => {
    unlessNobodyReads(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
  }).not.toThrow();
  expect(() => {
    unlessNobodyReads(full);
  }).toThrow(full);
});

describe('text of strangers', () => {
  it.each([
    ['a title', 'id\u001b]0;title\u0007', 'id\\u001b]0;title\\u0007'],
    ['a cleared screen', '\u001b[2J\u001b[1;1H', '\\u001b[2J\\u001b[1;1H'],
    ['the same in eight bits', '\u009b2J', '\\u009b2J'],
    ['a line written over', 'fired\rshadow', 'fired\\u000dshadow'],
    ['text that runs backwards', 'a\u202etxt.exe', 'a\\u202etxt.exe'],
    ['a bell before what looks like a colour', '\u0007[31m', '\\u0007[31m'],
    ['hidden text', '\u001b[8mx', '\\u001b[8mx'],
  ])('steers no terminal: %s', (_what, text, shown) => {
    expect(harmless(text, true)).toBe(shown);
    expect(harmless(text, false)).toBe(shown);
  });

  it('stays as it is where it steers nothing', () => {
    const text = `${paintIf(true).green('grün')}\n\t👩‍💻 日本`;
    expect(harmless(text, true)).toBe(text);
  });

  it('colours nothing where we use no colours, such as in a file', () => {
    expect(harmless('id\u001b[32mdone\u001b[0m', false)).toBe('id\\u001b[32mdone\\u001b[0m');
  });

  it('is still the same JSON', () => {
    const value = { id: 'a\u007f\u009b\u202e\u2028' };
    expect(JSON.parse(harmless(JSON.stringify(value, null, 2), true))).toEqual(value);
  });
});
