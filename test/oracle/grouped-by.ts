/** Lists of what has a key in common, in the order given: so that nobody goes over a year of events once for each deal. */
export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => unknown): (key: unknown) => readonly T[] {
  const groups = new Map<unknown, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return (key) => groups.get(key) ?? [];
}
