/** A number as people read it: `1,234`. */
export function whole(value: number): string {
  return value.toLocaleString('en');
}

/** `1 error`, `2 errors`; `many`: the plural, where it is another word than `one` with an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
