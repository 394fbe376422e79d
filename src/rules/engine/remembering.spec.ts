import { remembering } from './remembering.js';

it('works out each answer once, and goes on when there are too many to remember', () => {
  const asked: string[] = [];
  const lengthOf = remembering((text) => {
    asked.push(text);
    return text.length;
  });
  expect([lengthOf('ab'), lengthOf('abc'), lengthOf('ab')]).toEqual([2, 3, 2]);
  expect(asked).toEqual(['ab', 'abc']);
  for (let length = 0; length < 2_000; length += 1) expect(lengthOf('x'.repeat(length))).toBe(length);
  expect(lengthOf('ab')).toBe(2);
});

it('remembers no failure', () => {
  let isBroken = true;
  const answer = remembering((text) => {
    if (isBroken) throw new Error(text);
    return text;
  });
  expect(() => answer('a')).toThrow('a');
  isBroken = false;
  expect(answer('a')).toBe('a');
});
