import { CHECK_NAMES, type CheckName } from './conformance-target.js';
import type { ConformanceSubject, SubjectTarget } from './conformance-subject.js';
import { describedChecks } from './conformance/described-checks.js';
import { faultChecks } from './conformance/fault-checks.js';
import { sendingChecks } from './conformance/sending-checks.js';
import { textChecks } from './conformance/text-checks.js';
import { Trials } from './conformance/trials.js';

export interface ConformanceCheck {
  readonly name: CheckName;
  /** Why it does not apply; it has not to be run then. */
  readonly exempt?: string;
  /** Throws an `Error` whose message says what is wrong. */
  readonly run: () => Promise<void>;
}

/**
 * What every kind of action must hold, whoever wrote it. Free of any test framework; the checks run one after the other,
 * each by itself. The target stays the caller's to close.
 */
export function conformanceOf(subject: ConformanceSubject, target: SubjectTarget): ConformanceCheck[] {
  const trials = new Trials(subject, target);
  const runs = {
    ...describedChecks(subject),
    ...sendingChecks(trials),
    ...faultChecks(trials),
    ...textChecks(trials),
  } satisfies Record<CheckName, () => Promise<void>>;
  return CHECK_NAMES.map((name) => {
    const exempt = exemptionOf(name, subject, target);
    return { name, ...(exempt === undefined ? {} : { exempt }), run: runs[name] };
  });
}

function exemptionOf(
  name: CheckName,
  { action, withText }: ConformanceSubject,
  { exempt, secrets }: SubjectTarget,
): string | undefined {
  if (name === 'makes repeats that the target recognises' && !action.repeatable)
    return 'its target takes a repeat for something new, and it says so';
  if (name === 'does no harm with texts that others wrote' && withText === undefined)
    return 'it takes no texts';
  if (name === 'keeps the secrets of its connection' && secrets.length === 0)
    return 'its connection has none';
  return exempt?.[name];
}
