/** The names on a cycle of references, each with the way from it back to itself. */
export function referenceCycles(
  references: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const cycles = new Map<string, readonly string[]>();
  for (const start of references.keys()) {
    const way = wayBack(start, references);
    if (way !== undefined) cycles.set(start, way);
  }
  return cycles;
}

function wayBack(start: string, references: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    for (const next of references.get(name) ?? []) {
      if (next === start) return [...wayTo(name, cameFrom, start), start];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, name);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(name: string, cameFrom: ReadonlyMap<string, string>, start: string): string[] {
  const way = [name];
  for (let at = name; at !== start;) {
    at = cameFrom.get(at) ?? start;
    way.unshift(at);
  }
  return way;
}
