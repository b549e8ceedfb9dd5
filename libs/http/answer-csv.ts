import type { Figure } from '../kernel/report.js';
import { csvText, type Cell, type CsvOptions } from './csv-text.js';

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is readonly Node[] => Array.isArray(value) && value.every(isNode);

/** Says which versions an answer stands on, as every answer does: no list of the report's own. */
const HEAD_LIST = 'projections';

/** Every list of objects in an answer that is not inside another one, by its path: `groups`, `previous.groups`. */
export function listsIn(answer: Node, before = ''): Map<string, readonly Node[]> {
  const lists = new Map<string, readonly Node[]>();
  for (const [name, value] of Object.entries(answer)) {
    const path = `${before}${name}`;
    if (path === HEAD_LIST) continue;
    if (isList(value)) lists.set(path, value);
    else if (isNode(value)) for (const [inner, list] of listsIn(value, `${path}.`)) lists.set(inner, list);
  }
  return lists;
}

/** The values of an object by their paths. Lists stay whole, but for those to be left out. */
function cellsOf(node: Node, before: string, leaveOut: ReadonlySet<string>, cells = new Map<string, Cell>()): Map<string, Cell> {
  for (const [name, value] of Object.entries(node)) {
    const path = `${before}${name}`;
    if (leaveOut.has(path)) continue;
    if (isNode(value)) cellsOf(value, `${path}.`, leaveOut, cells);
    else cells.set(path, value as Cell); // what JSON holds: a text, a number, a flag, null or a list
  }
  return cells;
}

/** The list whose entries become lines when none is asked for: the report's records, or else the first one. */
export const mainList = (lists: ReadonlyMap<string, unknown>, figures: readonly Figure[]): string | undefined =>
  figures.find(({ name, unit }) => unit === 'records' && lists.has(name))?.name ?? [...lists.keys()][0];

/**
 * An answer as a table: a line for each entry of one of its lists, behind what the answer says as a whole (the moment, the
 * position, the lag, the definition). Columns are paths; a list inside an entry stands in its cell as JSON.
 */
export function answerCsv(answer: Node, list: string | undefined, options: CsvOptions): string {
  const lists = listsIn(answer);
  const head = cellsOf(answer, '', new Set(lists.keys()));
  const entries = list === undefined ? [new Map<string, Cell>()] : (lists.get(list) ?? []).map((entry) => cellsOf(entry, `${list}.`, new Set()));
  const columns = [...head.keys(), ...new Set(entries.flatMap((entry) => [...entry.keys()]))];
  return csvText(columns, entries.map((entry) => columns.map((column) => (head.has(column) ? head.get(column) : entry.get(column)))), options);
}
