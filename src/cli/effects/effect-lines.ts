import type { AttemptRecord } from '../../contracts/attempt.js';
import { counted } from '../../contracts/counted.js';
import type { EffectStory } from '../../delivery/effect-stories.js';
import type { QueuedEffect, Retrying } from '../../delivery/effects-in-lanes.js';
import type { LedgerEntry, Standing } from '../../delivery/ledger-entry.js';
import type { Paint } from '../terminal/terminal.js';

const COLOURS: Readonly<Record<Standing, keyof Paint>> = {
  done: 'green',
  skipped: 'green',
  undone: 'yellow',
  sending: 'yellow',
  waiting: 'yellow',
  held: 'yellow',
  suppressed: 'dim',
  uncertain: 'red',
  unknown: 'red',
  failed: 'red',
};

/** One line of a list. */
export function effectLine({ id, at, standing, effect, reason }: LedgerEntry, paint: Paint): string {
  const { type, to, ruleId } = effect;
  const word = paint[COLOURS[standing]](standing);
  return `${paint.dim(at)}  ${word}  ${type} → ${to}  ${ruleId}  ${id}  ${reason ?? ''}`.trimEnd();
}

export function retryLine(
  { effect, nextTry, attempts, reason = 'it did not report' }: Retrying,
  paint: Paint,
): string {
  const { id, type, to, ruleId } = effect;
  const at = paint.dim(new Date(nextTry).toISOString());
  const past = attempts === 0 ? 'not attempted yet' : `after attempt ${attempts}: ${reason}`;
  return `${at}  ${paint.yellow('next try')}  ${type} → ${to}  ${ruleId}  ${id}  ${past}`;
}

export function queuedLine({ effect, queuedAt, why }: QueuedEffect, paint: Paint): string {
  const { id, type, to, ruleId } = effect;
  const at = paint.dim(new Date(queuedAt).toISOString());
  return `${at}  ${paint.yellow('queued')}  ${type} → ${to}  ${ruleId}  ${id}  ${why}`;
}

/** Everything about one effect. */
export function storyLines(story: EffectStory, paint: Paint): string[] {
  const { effect, entry, causes } = story;
  const {
    id,
    type,
    to,
    guarantee,
    priority = 'normal',
    ruleId,
    ruleVersion,
    actionIndex,
    eventId,
    decidedAt,
  } = effect;
  const standing =
    entry === undefined ? paint.yellow('queued') : paint[COLOURS[entry.standing]](entry.standing);
  const facts: [string, string | undefined][] = [
    ['what', `${type} → ${to}, ${guarantee}, priority ${priority}`],
    ['rule', `${ruleId}, version ${ruleVersion}, action ${actionIndex + 1}`],
    ['event', eventId],
    ['decided', decidedAt],
    ['changed', entry?.at],
    ['reason', entry?.reason],
    ['next', nextOf(story)],
    ['skipped', entry?.receipt?.skipped?.join('; ')],
    ['takes back', effect.undoes],
    ['taken back', entry?.undoneBy === undefined ? undefined : `by ${entry.undoneBy}`],
    ['planned', entry?.plan === undefined ? undefined : JSON.stringify(entry.plan)],
    ['params', JSON.stringify(effect.params)],
  ];
  return [
    `${paint.bold(id)}  ${standing}`,
    ...facts.flatMap(([name, fact]) => (fact === undefined ? [] : [`  ${name.padEnd(10)}  ${fact}`])),
    ...causes.map(
      ({ effectId, ruleId: rule, eventId: event, entry: earlier }) =>
        `  because of  ${effectId} of ${rule}, for ${event}${earlier === undefined ? '' : ` (${earlier.standing})`}`,
    ),
    ...(entry?.log ?? []).flatMap((record) => attemptLines(record, paint)),
  ];
}

/** What becomes of it, or what a person can do; undefined for what is over. */
function nextOf({ effect: { id, to, ruleId }, entry, queued }: EffectStory): string | undefined {
  const lane = `it waits in the lane of ${to}: signalman lanes shows what keeps it`;
  switch (entry?.standing) {
    case 'failed':
      if (!queued) return undefined;
      return `${entry.inDoubt === true ? 'it may have been done all the same; ' : ''}when the cause is mended: signalman dead replay ${id}`;
    case 'held':
      return `a person decides: signalman held show ${ruleId}`;
    case 'unknown':
      return `nothing more is sent: whether it was done is to be seen at ${to}`;
    case 'sending':
      return 'if its worker stopped, another one goes on when the time of the attempt is over';
    default:
      return queued ? lane : undefined;
  }
}

function attemptLines({ at, ms, outcome, reason, request, answer }: AttemptRecord, paint: Paint): string[] {
  const lines = [`  ${paint.dim(at)}  ${outcome} after ${ms} ms  ${reason}`];
  if (request !== undefined) {
    const { method, target, headers = {}, body, together } = request;
    lines.push(
      `    ${method} ${target}${together === undefined ? '' : `, together with ${counted(together - 1, 'other')}`}`,
    );
    for (const [name, value] of Object.entries(headers)) lines.push(`    ${paint.dim(`${name}: ${value}`)}`);
    if (body !== undefined) lines.push(`    ${body}`);
  }
  if (answer !== undefined)
    lines.push(
      `    answered ${answer.status === undefined ? '' : `${answer.status} `}${answer.text}`.trimEnd(),
    );
  return lines;
}
