import { RE2JS, RE2JSException } from 're2js';
import type { Criterion } from './criterion.js';
import { FOLDED } from './fact-views.js';
import type { Lists, OperatorEntry, Predicate } from './operator.js';
import { remembering } from './remembering.js';

const never: Predicate = () => false;

function ignoringCase(
  compare: (left: string, right: string) => boolean,
  doc: string,
  criterion?: (folded: string) => Criterion | undefined,
): OperatorEntry {
  return {
    fact: 'text',
    value: 'text',
    added: true,
    doc: `${doc} Upper and lower case are the same. A missing field, or one that is no text: no.`,
    bind: (right) => {
      const value = FOLDED.of(right);
      if (value === undefined) return never;
      return (left) => {
        const text = FOLDED.of(left);
        return text !== undefined && compare(text, value);
      };
    },
    problem: (value) => (typeof value === 'string' ? undefined : 'the value must be a text'),
    criterion: (value) => (typeof value === 'string' ? criterion?.(value.toLowerCase()) : undefined),
  };
}

function isText(text: string): Criterion {
  return { kind: 'one of', view: FOLDED, values: [text] };
}

/** Every text begins with the empty one. */
function beginsWith(prefix: string): Criterion | undefined {
  return prefix === '' ? undefined : { kind: 'begins with', view: FOLDED, prefix };
}

/** The compiled pattern, or why it is none. */
function compilePattern(value: unknown): RE2JS | string {
  return typeof value === 'string' ? patternOf(value) : 'the value must be a text: a pattern in RE2 syntax';
}

/** The checker asks of each pattern several times, and then the compiler does. */
const patternOf = remembering((text): RE2JS | string => {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    if (error instanceof RE2JSException) return `the pattern cannot be used: ${error.message}`;
    throw error;
  }
});

function listProblem(value: unknown, lists: Lists): string | undefined {
  if (typeof value !== 'string') return 'the value must be the name of a list';
  return lists.has(value) ? undefined : `there is no list "${value}"`;
}

export const TEXT_OPERATORS: Readonly<Record<string, OperatorEntry>> = {
  equalIgnoreCase: ignoringCase((left, right) => left === right, 'The fact is this text.', isText),
  startsWith: ignoringCase(
    (left, right) => left.startsWith(right),
    'The fact begins with this text.',
    beginsWith,
  ),
  endsWith: ignoringCase((left, right) => left.endsWith(right), 'The fact ends with this text.'),
  containsText: ignoringCase((left, right) => left.includes(right), 'The fact has this text in it.'),
  matches: {
    fact: 'text',
    value: 'pattern',
    added: true,
    doc:
      'The pattern, in RE2 syntax, is found somewhere in the fact; `^…$` for the whole text, `(?i)` to ignore ' +
      'case. Takes linear time whatever the pattern. A missing field, or one that is no text: no.',
    literalOnly: true,
    bind: (right) => {
      const pattern = compilePattern(right);
      if (typeof pattern === 'string') return never;
      return (left) => typeof left === 'string' && pattern.test(left);
    },
    problem: (value) => {
      const pattern = compilePattern(value);
      return typeof pattern === 'string' ? pattern : undefined;
    },
  },
  inList: {
    fact: 'any',
    value: 'list name',
    added: true,
    doc:
      'The fact is an entry of the named list; a text is never equal to a number, and case counts. ' +
      'A missing field: no.',
    literalOnly: true,
    bind: (right, lists) => {
      const entries = typeof right === 'string' ? lists.get(right) : undefined;
      return entries === undefined ? never : (left) => entries.has(left);
    },
    problem: listProblem,
  },
};
