import type { RuleSources } from '../rule.js';
import { roleOf } from './folder-files.js';
import { formatProblem, type Problem } from './problem.js';

/** What the folder came to when it was last read. */
export interface Reading {
  readonly problems: readonly Problem[];
  /** What came of it: good files, and broken ones as they were last good. */
  readonly inForce: RuleSources;
  /** Every file that is there. */
  readonly files: readonly string[];
}

interface Logger {
  readonly error: (line: string) => void;
  readonly warn: (line: string) => void;
  readonly log: (line: string) => void;
}

/** Tells of each problem once, when it appears, and of each file once, when its last problem is mended. */
export class ProblemLog {
  private before: readonly Problem[] = [];

  constructor(private readonly logger: Logger) {}

  report({ problems, inForce, files }: Reading): void {
    const known = new Set(this.before.map(formatProblem));
    for (const problem of problems) {
      const line = formatProblem(problem);
      if (known.has(line)) continue;
      if (problem.severity === 'error') this.logger.error(`${line}; ${outcomeOf(problem, inForce)}`);
      else this.logger.warn(line);
    }
    const broken = new Set(problems.map(({ file }) => file));
    const mended = new Set(this.before.map(({ file }) => file).filter((file) => !broken.has(file)));
    for (const place of mended) {
      if (isThere(place, files)) this.logger.log(`${place} is in order again`);
    }
    this.before = problems;
  }
}

/** What was deleted is not in order, it is gone. The rules folder itself, without a slash, is always there. */
function isThere(place: string, files: readonly string[]): boolean {
  return !place.includes('/') || files.some((file) => file === place || file.startsWith(`${place}/`));
}

/** What an error means for what is being decided by now. */
function outcomeOf({ file, code }: Problem, { rules, conditions, lists }: RuleSources): string {
  const [, relative] = /^[^/]*\/(.*)$/.exec(file) ?? [];
  const role = relative === undefined ? undefined : roleOf(relative);
  if (role === undefined) {
    return rules.length > 0 ? 'what was read before stays in force' : 'no rule is in force';
  }
  const { kind, name } = role;
  const isKept = {
    rule: () => rules.some(({ id }) => id === name),
    condition: () => Object.hasOwn(conditions, name),
    // Another file of the same name is in force then, not an earlier version of this one.
    list: () => code !== 'list.twice' && Object.hasOwn(lists, name),
  }[kind]();
  return isKept ? 'the version from before stays in force' : `this ${kind} is not in force`;
}
