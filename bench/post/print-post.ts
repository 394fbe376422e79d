import { latency, rounded, table, whole } from '../report.js';
import type { PostFigures } from './post.js';
import type { LaneRow, Rate } from './webhook-lanes.js';

export function printPost({ one, four, besideDead, marketo, mixed }: PostFigures): void {
  for (const row of [one, four]) printLanes(row);
  console.log("Latency: queue to sink, at half of Signalman's effects a second for all.");
  console.log(
    'A lane beside one that answers nothing:',
    `${latency(besideDead.well).join(' / ')} ms (p50 / p99), without it ${latency(besideDead.alone).join(' / ')} ms`,
  );
  console.log(
    `Marketo's lists: ${whole(marketo.perSecond)} effects/s, ${whole(marketo.leadsACall)} leads a call`,
  );
  const kinds = Object.entries(mixed).map(([kind, perSecond]) => `${kind} ${rounded(perSecond)}`);
  console.log(`All kinds at once, effects/s: ${kinds.join(', ')}`);
}

function printLanes({ lanes, signalman, undici }: LaneRow): void {
  console.log(`\nThe post alone: queue → webhook sink, ${lanes === 1 ? 'one lane' : `${lanes} lanes`}`);
  const row = (name: string, rate: Rate): string[] => [
    name,
    whole(rate.perSecond),
    rate.cpuMs.toFixed(3),
    ...latency(rate.latencyMsAtHalfLoad),
    rate === signalman ? '' : `${(signalman.perSecond / rate.perSecond).toFixed(2)} ×`,
  ];
  table(
    ['', 'a second', 'CPU ms each', 'p50 ms', 'p99 ms', 'Signalman has of it'],
    [
      row('undici alone', undici.unsigned),
      row('undici alone, signed', undici.signed),
      row('Signalman', signalman),
    ],
  );
}
