/** Where a command writes and how it ends, so that tests can read along. */
export interface Terminal {
  /** A line of what was asked for. */
  readonly print: (line: string) => void;
  /** A line about what went wrong. */
  readonly complain: (line: string) => void;
  /** The command did its work, and what came of it is not good: the exit code will be 1. */
  readonly fail: () => void;
  readonly paint: Paint;
}

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

export type Paint = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

/** Colours for people at a terminal; plain text for pipes and files. */
export function paintIf(colours: boolean): Paint {
  const brush = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    red: brush(CODES.red),
    green: brush(CODES.green),
    yellow: brush(CODES.yellow),
    dim: brush(CODES.dim),
    bold: brush(CODES.bold),
  };
}

const STEERING = /\p{Cc}\[(?:[0-2]|3[1-3])m|[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
const HARMLESS = ['\n', '\t'];

/**
 * Text that steers no terminal, whoever wrote the parts of it: ids, reasons and names come from senders. What could is
 * shown as JSON escapes it, so that JSON stays what it was. Only colours that are ours as well are left, and none when we
 * use none.
 */
export function harmless(text: string, colours: boolean): string {
  return text.replace(STEERING, (found) => {
    if ((colours && found.startsWith('\u001b[')) || HARMLESS.includes(found)) return found;
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}${found.slice(1)}`;
  });
}

/** Text as one line of a list: ids come from senders, and none may pass for an entry of its own. */
export function oneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}

/** An entry a line, whatever the entries hold. */
export function printList(entries: Iterable<string>, { print }: Terminal): void {
  for (const entry of entries) print(oneLine(entry));
}

/** The terminal of this process; NO_COLOR turns colours off. */
export function processTerminal(): Terminal {
  const colours = process.stdout.isTTY && !process.env['NO_COLOR'];
  return {
    print: (line) => void process.stdout.write(`${harmless(line, colours)}\n`),
    complain: (line) => void process.stderr.write(`${harmless(line, colours)}\n`),
    fail: () => {
      process.exitCode = 1;
    },
    paint: paintIf(colours),
  };
}

/** Throws an error of writing, but not that the reader, such as `head`, had seen enough. */
export function unlessNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
