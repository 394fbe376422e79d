/**
 * Lines whose cells stand below each other. Every row has as many cells as the first; those from `numbersFrom` on are
 * set to the right.
 */
export function aligned(rows: readonly (readonly string[])[], numbersFrom = Infinity): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < numbersFrom ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
