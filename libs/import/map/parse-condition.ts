import type { Condition, FileNeeds } from './model.js';
import { pathText, type MapNode } from './map-node.js';

const KEYS = ['column', 'equals', 'in', 'present', 'absent', 'not', 'all', 'any'] as const;
const TESTS = ['equals', 'in', 'present', 'absent'] as const;
/** Deeper nesting is a mistake, and a way to exhaust the stack. */
const DEPTH_MAX = 10;

/** Notes that the map needs this column of the file its rows come from. */
export function needColumn(node: MapNode, needs: FileNeeds): string | undefined {
  const column = node.scalarText('the name of a column')?.trim();
  if (column !== undefined && !needs.columns.has(column)) needs.columns.set(column, pathText(node.path));
  return column;
}

/** `when`: a condition, or a list of conditions that must all hold. */
export function parseCondition(node: MapNode, needs: FileNeeds, depth = 0): Condition | undefined {
  if (depth > DEPTH_MAX) return node.fail(`conditions nest at most ${DEPTH_MAX} deep`);
  if (node.is('list')) return { kind: 'all', conditions: conditionList(node, needs, depth) };
  if (!node.allows(KEYS, 'a condition such as { column: status, equals: Won }')) return undefined;
  for (const kind of ['all', 'any'] as const) {
    const list = node.get(kind);
    if (list) return { kind, conditions: conditionList(list, needs, depth) };
  }
  const not = node.get('not');
  if (not) {
    const condition = parseCondition(not, needs, depth + 1);
    return condition && { kind: 'not', condition };
  }
  const columnNode = node.get('column');
  if (!columnNode) return node.fail('expected a condition: column with equals, in, present or absent; or not, all, any');
  const column = needColumn(columnNode, needs);
  return column === undefined ? undefined : parseTest(node, column);
}

const conditionList = (node: MapNode, needs: FileNeeds, depth: number): Condition[] =>
  node.items('a list of conditions').flatMap((item) => parseCondition(item, needs, depth + 1) ?? []);

function parseTest(node: MapNode, column: string): Condition | undefined {
  const given = TESTS.filter((test) => node.has(test));
  if (given.length !== 1) return node.fail('expected exactly one of equals, in, present, absent beside column');
  const test = node.get(given[0]!);
  if (!test) return node.fail(`${given[0]} needs a value; for an empty cell say absent: true`);
  if (given[0] === 'equals') {
    const text = test.scalarText('a text');
    return text === undefined ? undefined : { kind: 'equals', column, texts: new Set([text.trim()]) };
  }
  if (given[0] === 'in') return { kind: 'equals', column, texts: new Set(test.items('a list of texts').flatMap((item) => item.scalarText('a text')?.trim() ?? [])) };
  if (test.value !== true) return test.expected('true; say the contrary with absent, present or not');
  const present: Condition = { kind: 'present', column };
  return given[0] === 'present' ? present : { kind: 'not', condition: present };
}
