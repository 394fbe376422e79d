const NEWLINE = 0x0a;

export interface Line {
  /** Of the file, from 1. */
  readonly line: number;
  readonly text: string;
  /** It is longer than may be held; `text` is its beginning. */
  readonly tooLong: boolean;
}

/** The lines that are not empty. Of one longer than `longest` bytes only the beginning is kept. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, longest: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let held = 0;
  let tooLong = false;
  let line = 0;
  const keep = (part: Buffer): void => {
    const kept = part.subarray(0, longest - held);
    if (kept.length < part.length) tooLong = true;
    if (kept.length > 0) parts.push(kept);
    held += kept.length;
  };
  const take = (): Line => {
    line += 1;
    const text = Buffer.concat(parts)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    const taken = { line, text, tooLong };
    parts = [];
    held = 0;
    tooLong = false;
    return taken;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      const taken = take();
      if (taken.text !== '') yield taken;
    }
    keep(chunk.subarray(start));
  }
  const last = take();
  if (last.text !== '') yield last;
}
