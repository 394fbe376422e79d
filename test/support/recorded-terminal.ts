import { paintIf, type Terminal } from '../../src/cli/terminal/terminal.js';

/** A terminal that remembers. */
export interface RecordedTerminal extends Terminal {
  readonly printed: string[];
  readonly complaints: string[];
  readonly failed: boolean;
}

export function recordedTerminal(): RecordedTerminal {
  const printed: string[] = [];
  const complaints: string[] = [];
  let failed = false;
  return {
    printed,
    complaints,
    get failed() {
      return failed;
    },
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
    fail: () => {
      failed = true;
    },
    paint: paintIf(false),
  };
}
