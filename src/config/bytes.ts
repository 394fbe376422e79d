const UNITS: Readonly<Record<string, number>> = { kb: 1_024, mb: 1_024 ** 2, gb: 1_024 ** 3 };

/** Bytes of a size as people write it: a whole number above 0 and `kb`, `mb` or `gb` (`512mb`). Undefined otherwise. */
export function parseBytes(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,5})(kb|mb|gb)$/i.exec(text) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? ''];
  return factor === undefined ? undefined : Number(count) * factor;
}
