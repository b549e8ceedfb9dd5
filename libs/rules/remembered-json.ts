const MAP = '$map';
const SET = '$set';

/** JSON of a value that may hold maps and sets. */
export const writeRemembered = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => {
    if (item instanceof Map) return { [MAP]: [...item] as unknown[] };
    return item instanceof Set ? { [SET]: [...item] as unknown[] } : item;
  });

/** What `writeRemembered` wrote. */
export const readRemembered = (json: string): unknown =>
  JSON.parse(json, (_, item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    if (MAP in item && Array.isArray(item[MAP])) return new Map(item[MAP] as [unknown, unknown][]); // written from a map's entries
    return SET in item && Array.isArray(item[SET]) ? new Set(item[SET] as unknown[]) : item;
  }) as unknown;
