export type Severity = 'error' | 'warning';

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something wrong in a file of the rules folder, told to the person who wrote it. */
export interface Problem extends Position {
  /** Path from the rules folder's parent, with `/`: `rules/leads/us-without-state.json`. */
  readonly file: string;
  /** An error keeps the file out of force; a warning does not. */
  readonly severity: Severity;
  /** Stable, for tests and tools: `operator.unknown`. */
  readonly code: string;
  readonly message: string;
  /** The nearest right word. */
  readonly suggestion?: string;
}

/** What a check finds, before it is known where in which file that is. */
export interface Finding {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

export function error(code: string, message: string, suggestion?: string): Finding {
  return { severity: 'error', code, message, suggestion };
}

export function warning(code: string, message: string, suggestion?: string): Finding {
  return { severity: 'warning', code, message, suggestion };
}

/** A finding with its place; the beginning of the file where it is about the file as a whole. */
export function problemOf(
  file: string,
  { severity, code, message, suggestion }: Finding,
  { line, column }: Position = { line: 1, column: 1 },
): Problem {
  const problem = { file, line, column, severity, code, message };
  return suggestion === undefined ? problem : { ...problem, suggestion };
}

/** One line for a terminal or a log: `rules/x.json:3:5 error unknown operator "equals": did you mean "equal"?` */
export function formatProblem({ file, line, column, severity, message, suggestion }: Problem): string {
  const hint = suggestion === undefined ? '' : `: did you mean "${suggestion}"?`;
  return `${file}:${line}:${column} ${severity} ${message}${hint}`;
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}
