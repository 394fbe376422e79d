export type Severity = 'error' | 'warning';

/** Something wrong in a file of the rules folder, told to the person who wrote it. */
export interface Problem {
  /** Path from the rules folder's parent, with `/`: `rules/leads/us-without-state.json`. */
  readonly file: string;
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;
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

/** One line for a terminal or a log: `rules/x.json:3:5 error unknown operator "equals": did you mean "equal"?` */
export function formatProblem({ file, line, column, severity, message, suggestion }: Problem): string {
  const hint = suggestion === undefined ? '' : `: did you mean "${suggestion}"?`;
  return `${file}:${line}:${column} ${severity} ${message}${hint}`;
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}
