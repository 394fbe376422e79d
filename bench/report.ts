import { aligned } from '../src/cli/terminal/table.js';
import type { DoorFigures, DoorRow, Shape } from './door/door.js';
import type { JudgeFigures } from './judge.js';
import type { LineComparison } from './line/line.js';
import type { MemoryRow } from './memory.js';
import type { SeenRow } from './seen.js';

/** The tables for people; `main.ts` prints the same figures as JSON after them. */
export function printLine({ signalman, remembering, naive, ratio, answersMs }: LineComparison): void {
  console.log(
    `\nThe whole line: signed POST of 250 lead activities → ${signalman.rules} rules → webhook sink, 1 % fire`,
  );
  table(
    ['', 'events/s', 'p50 ms', 'p99 ms'],
    [
      [
        'one job an event, one json-rules-engine',
        whole(naive.eventsPerSecond),
        ...latency(naive.latencyMsAtHalfLoad),
      ],
      ['Signalman', whole(signalman.eventsPerSecond), ...latency(signalman.latencyMsAtHalfLoad)],
      ['ratio', `${whole(ratio)} ×`, '', ''],
      [
        `Signalman, ${whole(remembering.rules)} rules that remember`,
        whole(remembering.eventsPerSecond),
        ...latency(remembering.latencyMsAtHalfLoad),
      ],
    ],
  );
  console.log('Latency: POST to sink, at half of the events a second above.');
  console.log(
    `Answers to ${whole(answersMs.perSecond)} single events a second:`,
    latency(answersMs).join(' / '),
    'ms (p50 / p99)',
  );
}

const SHAPES: Readonly<Record<Shape, string>> = {
  batches: 'signed batches of 250 events of 1 KB',
  singles: 'signed single events of 1 KB',
};

export function printDoor(figures: DoorFigures): void {
  for (const shape of ['batches', 'singles'] as const) {
    const { signalman, bare, grouped } = figures[shape];
    console.log(`\nThe door alone: ${SHAPES[shape]}`);
    table(
      ['', 'requests/s', 'events/s', 'p50 ms', 'p99 ms', 'CPU ms a request', 'RSS MB'],
      [
        ['node:http, a SET a request', ...doorCells(bare)],
        ['node:http, a SET a group', ...doorCells(grouped)],
        ['Signalman', ...doorCells(signalman)],
        ['ratio to the first', ...doorRatios(signalman, bare)],
        ['ratio to the second', ...doorRatios(signalman, grouped)],
      ],
    );
    console.log(
      `Latency: POST to answer, at ${whole(signalman.halfLoadMs.perSecond)} requests a second each.`,
    );
  }
  console.log(
    'All answer when the bytes are in the synced file of the same Redis. The bare servers check no signature and make no job.',
  );
}

function doorCells({ requestsPerSecond, eventsPerSecond, halfLoadMs, cpuMs, rssMb }: DoorRow): string[] {
  const [p50, p99] = latency(halfLoadMs);
  return [whole(requestsPerSecond), whole(eventsPerSecond), p50, p99, cpuMs.toFixed(3), whole(rssMb)];
}

function doorRatios(ours: DoorRow, theirs: DoorRow): string[] {
  const ratio = (figure: (row: DoorRow) => number): string =>
    `${(figure(ours) / figure(theirs)).toFixed(2)} ×`;
  return [
    ratio((row) => row.requestsPerSecond),
    ratio((row) => row.eventsPerSecond),
    ratio((row) => row.halfLoadMs.p50),
    ratio((row) => row.halfLoadMs.p99),
    ratio((row) => row.cpuMs),
    ratio((row) => row.rssMb),
  ];
}

export function printJudge({ tables, builds }: JudgeFigures): void {
  for (const { workload, counts, matches, rows } of tables) {
    console.log(`\nThe judge alone: ${workload}; events a second on one core`);
    const most = counts.length - 1;
    const [ours] = rows;
    table(
      ['rules', ...counts.map(whole), 'Signalman is faster by'],
      rows.map(({ name, rates }) => {
        const ratio = (ours?.rates[most] ?? Number.NaN) / (rates[most] ?? Number.NaN);
        return [name, ...rates.map(rounded), ratio === 1 ? '' : `${rounded(ratio)} ×`];
      }),
    );
    const growth = (ours?.rates[0] ?? Number.NaN) / (ours?.rates[most] ?? Number.NaN);
    console.log(
      `With the most rules ${matches.toFixed(2)} match an event, which costs ${growth.toFixed(1)} times as much as with the fewest.`,
    );
  }
  console.log('\nTo compile and index a rule');
  table(
    ['rules', 'µs a rule', 'bytes a rule'],
    builds.map(({ rules, microsecondsARule, bytesARule }) => [
      whole(rules),
      microsecondsARule.toFixed(1),
      whole(bytesARule),
    ]),
  );
}

export function printSeen(rows: readonly SeenRow[]): void {
  console.log(
    '\nKnowing an event again: what one costs, with as many of the ten days before kept beside them',
  );
  table(
    ['events in ten days', 'bytes', 'µs in all', 'µs in Redis'],
    rows.map(({ events, bytesAnEvent, microseconds, redisMicroseconds }) => [
      whole(events),
      ...[bytesAnEvent, microseconds, redisMicroseconds].map((value) => value.toFixed(1)),
    ]),
  );
}

export function printMemory(rows: readonly MemoryRow[]): void {
  console.log(
    '\nRemembering an event of every lead: what a lead takes in Redis, and what its next event costs',
  );
  table(
    [
      'windows of a lead',
      'events in each',
      'bytes a lead',
      'a window',
      'µs in all',
      'µs in Redis',
      'events/s',
    ],
    rows.map(({ windows, eventsALead, bytesALead, microseconds, redisMicroseconds, eventsPerSecond }) => [
      ...[windows, eventsALead, bytesALead, bytesALead / windows].map(whole),
      ...[microseconds, redisMicroseconds].map((value) => value.toFixed(1)),
      whole(eventsPerSecond),
    ]),
  );
}

export function latency({ p50, p99 }: { p50: number; p99: number }): [string, string] {
  return [p50.toFixed(1), p99.toFixed(1)];
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Three digits say all that the machine can repeat. */
export function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const line of aligned([head, ...rows], 1)) console.log(line);
}
