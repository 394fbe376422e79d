/** By jsonc-parser's error numbers, whose enum is erased when it is compiled file by file. */
const SYNTAX_MESSAGES: Readonly<Record<number, string>> = {
  1: 'this is not JSON: text must stand in double quotes',
  2: 'this is not a number that JSON can hold',
  3: 'a member name in double quotes is missing here',
  4: 'a value is missing here',
  5: 'a colon is missing between the name and its value',
  6: 'a comma is missing before this',
  7: 'a closing brace "}" is missing',
  8: 'a closing bracket "]" is missing',
  9: 'the file should end here, but more follows',
  10: 'this comment cannot be read',
  11: 'this comment does not end: "*/" is missing',
  12: 'this text does not end: its closing quote is missing on the same line',
  13: 'this number does not end',
  14: 'this is not a Unicode escape: four hexadecimal digits must follow "\\u"',
  15: 'there is no such escape: only \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u can follow a backslash',
  16: 'this character must not stand in a text as it is: write it as an escape such as \\t or \\n',
};

/** What is wrong with a JSON text, in words for a person who edits it by hand. `error`: a code of jsonc-parser. */
export function syntaxMessage(error: number): string {
  return SYNTAX_MESSAGES[error] ?? 'this is not JSON';
}
