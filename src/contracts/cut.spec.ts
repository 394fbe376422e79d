import { cut } from './cut.js';

it.each([
  ['what is short enough as it is', 'ab\ud83d\ude00', 4, 'ab\ud83d\ude00'],
  ['what is longer at its length', 'abcdef', 3, 'abc'],
  ['no half of a character', 'ab\ud83d\ude00c', 3, 'ab'],
  ['a whole character at its end', 'ab\ud83d\ude00c', 4, 'ab\ud83d\ude00'],
])('leaves %s', (_what, text, most, left) => {
  expect(cut(text, most)).toBe(left);
});
