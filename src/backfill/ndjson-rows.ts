import { linesOf } from './text-lines.js';
import { piecesOfLine } from './line-shape.js';
import type { Row } from './row.js';

/** Longest line that is held, in bytes; the door takes no body of more. */
const MAX_LINE_BYTES = 3 * 1024 * 1024;

/** Reads one event a line, in any shape. A line that is wrong is told as such, and the lines after it are read. */
export async function* ndjsonRows(
  chunks: AsyncGenerator<Buffer>,
  munchkinId: string | undefined,
): AsyncGenerator<Row> {
  for await (const { line, text, tooLong } of linesOf(chunks, MAX_LINE_BYTES)) {
    const said = tooLong
      ? { reason: `It has more than ${MAX_LINE_BYTES} bytes; this is its beginning.` }
      : piecesOfLine(text, munchkinId);
    yield { line, raw: text, said };
  }
}
