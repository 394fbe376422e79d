import { latency, table, whole } from '../report.js';
import type { PostFigures, Rate } from './post.js';

export function printPost({ rows, besideDead, marketo, mixed }: PostFigures): void {
  for (const { lanes, signalman, undici } of rows) {
    console.log(`\nThe post alone: queue → webhook sink, ${lanes === 1 ? 'one lane' : `${lanes} lanes`}`);
    table(
      ['', 'effects/s', 'p50 ms', 'p99 ms', 'Signalman has of it'],
      [
        ['undici alone, requests', ...cells(undici.unsigned), share(signalman, undici.unsigned)],
        ['undici alone, signed', ...cells(undici.signed), share(signalman, undici.signed)],
        ['Signalman', ...cells(signalman), ''],
      ],
    );
  }
  console.log("Latency: queue to sink, at half of Signalman's effects a second for all.");
  console.log(
    'A lane beside one that answers nothing:',
    `${latency(besideDead.well).join(' / ')} ms (p50 / p99), without it ${latency(besideDead.alone).join(' / ')} ms`,
  );
  console.log(
    `Marketo's lists: ${whole(marketo.perSecond)} effects/s, ${whole(marketo.recordsACall)} leads a call`,
  );
  const kinds = Object.entries(mixed).map(([kind, perSecond]) => `${kind} ${whole(perSecond)}`);
  console.log(`All kinds at once, effects/s: ${kinds.join(', ')}`);
}

function cells({ perSecond, latencyMsAtHalfLoad }: Rate): string[] {
  return [whole(perSecond), ...latency(latencyMsAtHalfLoad)];
}

function share(ours: Rate, theirs: Rate): string {
  return `${(ours.perSecond / theirs.perSecond).toFixed(2)} ×`;
}
