import { OWN_SOURCE } from '../contracts/batch.js';
import { counted, whole } from '../contracts/counted.js';
import type { Account, Accounts, DeliveryAccount, LineAccount } from './completeness-report.js';

/** How much of one source can be proved. */
export interface SourceProof {
  readonly source: string;
  /**
   * `journal`: Adobe's own record of what it sent was read beside, so that what a webhook misses is found.
   * `receipt`: what was accepted is accounted for; of what was never sent to us nothing is known.
   */
  readonly proof: 'journal' | 'receipt';
  /** New events that the journal brought and the webhook had not; 0 where there is no webhook beside it. */
  readonly filled: number;
}

export interface Verdict {
  /** Nothing is missing, and nothing that was accepted has been given up undecided. */
  readonly complete: boolean;
  /** One sentence for a person: `1,204 received = 1,204 expected, 0 missing`, or what is missing. */
  readonly sentence: string;
  /** What else a person should know, or do: one sentence each, the most urgent first. */
  readonly advice: readonly string[];
  readonly sources: readonly SourceProof[];
}

/** True for a line that a person should look at. */
export function isAmiss({ counts, missing, effectsMissing }: Account): boolean {
  return missing + effectsMissing + counts.quarantined + counts.failed + counts.unknown > 0;
}

/** `began`: epoch milliseconds since which anything is known, when that is within the range. */
export function verdictOf(accounts: Accounts, began?: number): Verdict {
  const { lines, deliveries } = accounts;
  const missing = sum(lines, (line) => line.missing);
  const lost = sum(deliveries, (each) => each.missing);
  const effectsMissing = sum(lines, (line) => line.effectsMissing);
  const dead = sum(deliveries, (each) => each.dead);
  const sources = proofsOf(accounts);
  return {
    complete: missing + lost + effectsMissing + dead === 0,
    sentence: sentenceOf(accounts, { missing, lost, effectsMissing }),
    advice: [
      ...beginningAdvice(began),
      ...missingAdvice(accounts),
      ...deadAdvice(deliveries),
      ...lineAdvice(lines),
      ...proofAdvice(sources),
    ],
    sources,
  };
}

function sentenceOf(
  { lines, deliveries }: Accounts,
  { missing, lost, effectsMissing }: { missing: number; lost: number; effectsMissing: number },
): string {
  const received = sum(lines, (line) => line.received);
  const waiting = sum(deliveries, (each) => each.waiting);
  const none = missing + lost + effectsMissing === 0;
  const parts = [`${whole(received)} received${none ? ` = ${whole(received)} expected, 0 missing` : ''}`];
  if (missing > 0) parts.push(`${counted(missing, 'event')} missing`);
  if (lost > 0) parts.push(`${counted(lost, 'delivery', 'deliveries')} missing`);
  if (effectsMissing > 0) parts.push(`${counted(effectsMissing, 'effect')} missing`);
  if (waiting > 0) parts.push(`${counted(waiting, 'delivery', 'deliveries')} still to be read`);
  return `${parts.join('; ')}.`;
}

/** A ledger that was lost has no gap to show: it adds up from its new beginning. */
function beginningAdvice(began: number | undefined): string[] {
  if (began === undefined) return [];
  return [
    `Nothing is known of before ${new Date(began).toISOString()}: Redis was new then, or had lost everything. If it was not new, signalman catch-up reads again what came before.`,
  ];
}

function missingAdvice({ lines, deliveries }: Accounts): string[] {
  return [
    ...deliveries
      .filter((each) => each.missing > 0)
      .map(
        ({ source, hour, missing }) =>
          `${counted(missing, 'delivery', 'deliveries')} of ${source}, accepted in the hour of ${hour}, went out of Redis unread: was a key removed, or Redis set back? Read it again: signalman catch-up --source ${source}, or have it sent again.`,
      ),
    ...lines
      .filter((line) => line.missing > 0)
      .map(
        ({ source, stream, hour, missing }) =>
          `${counted(missing, 'event')} of ${source} / ${stream} in the hour of ${hour} came, and nobody knows what became of it: signalman catch-up --source ${source} reads it again.`,
      ),
    ...lines
      .filter((line) => line.effectsMissing > 0)
      .map(
        ({ source, stream, hour, effectsMissing }) =>
          `${counted(effectsMissing, 'effect')} for ${source} / ${stream} in the hour of ${hour} went out of the queue unsent: signalman journal decisions shows what was decided.`,
      ),
  ];
}

function deadAdvice(deliveries: readonly DeliveryAccount[]): string[] {
  const dead = sum(deliveries, (each) => each.dead);
  if (dead === 0) return [];
  return [
    `${counted(dead, 'delivery was', 'deliveries were')} given up and not decided: signalman dead list says why; mend the cause, then signalman dead replay.`,
  ];
}

function lineAdvice(lines: readonly LineAccount[]): string[] {
  const advice: string[] = [];
  const quarantined = sum(lines, ({ counts }) => counts.quarantined);
  if (quarantined > 0)
    advice.push(`${counted(quarantined, 'piece')} could not be read: signalman journal quarantine.`);
  const failed = sum(lines, ({ counts }) => counts.failed);
  if (failed > 0) advice.push(`${counted(failed, 'effect')} failed: signalman dead list.`);
  const unknown = sum(lines, ({ counts }) => counts.unknown);
  if (unknown > 0)
    advice.push(
      `${counted(unknown, 'effect')} may or may not have happened: signalman effects --outcome unknown.`,
    );
  const held = sum(lines, ({ counts }) => counts.held);
  if (held > 0) {
    const wait = held === 1 ? 'waits for a person to release it' : 'wait for a person to release them';
    advice.push(`${counted(held, 'effect')} ${wait}: signalman effects --outcome held.`);
  }
  return advice;
}

function proofAdvice(sources: readonly SourceProof[]): string[] {
  const filled = sources
    .filter((source) => source.filled > 0)
    .map(
      ({ source, filled }) =>
        `The journal of ${source} brought ${counted(filled, 'event')} that its webhook had not.`,
    );
  const unproved = sources.filter(({ proof }) => proof === 'receipt').map(({ source }) => source);
  if (unproved.length === 0) return filled;
  return [
    ...filled,
    `Of what was never sent to us nothing is known for ${unproved.join(', ')}: no journal was read.`,
  ];
}

/** The engine is not among them: nobody sends what it notices. */
function proofsOf({ streams }: Accounts): SourceProof[] {
  const names = [...new Set(streams.map(({ source }) => source))].filter((name) => name !== OWN_SOURCE);
  return names.sort().map((source) => {
    const own = streams.filter((stream) => stream.source === source);
    const read = sum(own, ({ counts }) => counts.journal) > 0;
    const pushed = sum(own, ({ counts }) => counts.webhook) > 0;
    const filled = pushed ? sum(own, ({ counts }) => counts.filled) : 0;
    return { source, proof: read ? 'journal' : 'receipt', filled };
  });
}

function sum<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}
