import { isZone } from '../../kernel/time.js';
import { isCurrency } from '../../kernel/money.js';
import type { FileNeeds, Json, Source, Value } from './model.js';
import type { MapNode } from './map-node.js';
import { needColumn, parseCondition } from './parse-condition.js';
import { CONVERSIONS, parseConversion } from './parse-conversion.js';

const SOURCES = ['from', 'const', 'template', 'id', 'lookup', 'object', 'list'] as const;
const KEYS = [...SOURCES, 'values', 'others', 'default', 'when', ...CONVERSIONS];
const DEPTH_MAX = 10;
const PREFIX = /^[A-Za-z0-9._:~-]{0,40}$/;

/** What the expressions of a step may lean on. */
export interface ValueScope {
  /** Of the file that the step's rows come from. */
  readonly needs: FileNeeds;
  /** Of every file that the map declares. */
  readonly fileNeeds: ReadonlyMap<string, FileNeeds>;
  readonly zone: string;
  readonly currency?: string;
}

export const constant = (value: Json): Value => ({ source: { kind: 'const', value }, others: 'keep' });

/** One expression: a source, then `values`, `default`, and one conversion. */
export function parseValue(node: MapNode, scope: ValueScope, depth = 0): Value | undefined {
  if (depth > DEPTH_MAX) return node.fail(`expressions nest at most ${DEPTH_MAX} deep`);
  if (!node.allows(KEYS, `a mapping with one of ${SOURCES.join(', ')}; a constant is written { const: … }`)) return undefined;
  const given = SOURCES.filter((source) => node.has(source));
  if (given.length !== 1) return node.fail(`expected exactly one of ${SOURCES.join(', ')}${given.length > 1 ? `, found ${given.join(' and ')}` : ''}`);
  const source = parseSource(node, given[0]!, scope, depth);
  const values = parseAliases(node);
  const otherwise = node.get('others')?.oneOf(['keep', 'reject'] as const) ?? 'keep';
  const fallback = parseFallback(node, scope, depth);
  const convert = parseConversion(node, scope, (below) => parseValue(below, scope, depth + 1));
  const whenNode = node.get('when');
  const when = whenNode && parseCondition(whenNode, scope.needs);
  if (node.has('others') && !values) node.fail('others goes with values');
  if (convert && (given[0] === 'object' || given[0] === 'list')) node.fail(`${given[0]} takes no conversion: convert what is in it`);
  if (!source) return undefined;
  return { source, others: otherwise, ...(values && { values }), ...(fallback && { fallback }), ...(convert && { convert }), ...(when && { when }) };
}

/** A key: names of columns, or expressions. */
export function parseKey(node: MapNode, scope: ValueScope, depth = 0): readonly Value[] {
  const items = node.items('a list of columns');
  if (node.is('list') && items.length === 0) node.fail('expected at least one column');
  return items.flatMap((item): Value | Value[] => {
    if (item.is('mapping')) return parseValue(item, scope, depth + 1) ?? [];
    const column = needColumn(item, scope.needs);
    return column === undefined ? [] : [{ source: { kind: 'column', column }, others: 'keep' }];
  });
}

function parseSource(node: MapNode, kind: (typeof SOURCES)[number], scope: ValueScope, depth: number): Source | undefined {
  const below = node.get(kind);
  if (!below) return node.fail(`${kind} needs a value`);
  switch (kind) {
    case 'from': {
      const column = needColumn(below, scope.needs);
      return column === undefined ? undefined : { kind: 'column', column };
    }
    case 'const': {
      const value = below.json();
      return value === undefined ? undefined : { kind: 'const', value };
    }
    case 'template': return parseTemplate(below, scope.needs);
    case 'id': return parseId(below, scope, depth);
    case 'lookup': return parseLookup(below, scope, depth);
    case 'object': return { kind: 'object', fields: below.entries('a mapping of fields').flatMap(([name, item]) => {
      const value = parseValue(item, scope, depth + 1);
      return value ? [{ name, value }] : [];
    }) };
    case 'list': return { kind: 'list', items: below.items('a list of expressions').flatMap((item) => parseValue(item, scope, depth + 1) ?? []) };
  }
}

/** `{product} for {account}`; a brace itself is written twice. */
function parseTemplate(node: MapNode, needs: FileNeeds): Source | undefined {
  const text = node.text('a text with columns in braces, such as "{product} for {account}"');
  if (text === undefined) return undefined;
  const parts: (string | { column: string })[] = [];
  for (const [piece] of text.matchAll(/\{\{|\}\}|\{[^{}]*\}|[^{}]+|[{}]/g)) {
    if (piece === '{' || piece === '}') return node.fail('has a brace without its partner; a brace itself is written twice: {{');
    if (piece === '{{' || piece === '}}' || !piece.startsWith('{')) {
      parts.push(piece === '{{' ? '{' : piece === '}}' ? '}' : piece);
      continue;
    }
    const column = piece.slice(1, -1).trim();
    if (column === '') return node.fail('has braces with no column in them');
    if (!needs.columns.has(column)) needs.columns.set(column, node.path.join('.'));
    parts.push({ column });
  }
  return { kind: 'template', parts };
}

function parseId(node: MapNode, scope: ValueScope, depth: number): Source | undefined {
  if (!node.allows(['key', 'prefix'], 'a mapping with key, a list of columns')) return undefined;
  const keyNode = node.get('key');
  if (!keyNode) return node.fail('expected key: the list of columns that tell one from another');
  const prefixNode = node.get('prefix');
  const prefix = prefixNode?.text('a text') ?? '';
  if (prefixNode && !PREFIX.test(prefix)) prefixNode.expected('at most 40 letters, digits or . _ : ~ -');
  return { kind: 'id', prefix, key: parseKey(keyNode, scope, depth) };
}

function parseLookup(node: MapNode, scope: ValueScope, depth: number): Source | undefined {
  if (!node.allows(['file', 'match', 'by', 'take'], 'a mapping with file, match, by, take')) return undefined;
  const file = node.get('file')?.text('the name of a file under files') ?? node.fail('expected file: the name of a file under files');
  const byNode = node.get('by') ?? node.fail('expected by: the expression whose value is looked up, such as { from: product }');
  const by = byNode && parseValue(byNode, scope, depth + 1);
  const needs = file === undefined ? undefined : scope.fileNeeds.get(file);
  if (file !== undefined && !needs) return node.get('file')!.fail(`no file is called ${file}; files has ${[...scope.fileNeeds.keys()].join(', ') || 'none'}`);
  const matchNode = node.get('match') ?? node.fail('expected match: the column of the looked-up file to find the value in');
  const takeNode = node.get('take') ?? node.fail('expected take: the column of the looked-up file to take');
  if (file === undefined || !needs || !matchNode || !takeNode || !by) return undefined;
  const match = needColumn(matchNode, needs);
  const take = needColumn(takeNode, needs);
  if (match === undefined || take === undefined) return undefined;
  needs.matches.add(match);
  return { kind: 'lookup', file, match, by, take };
}

function parseAliases(node: MapNode): ReadonlyMap<string, Json> | undefined {
  const below = node.get('values');
  if (!below) return undefined;
  return new Map(below.entries('a mapping of texts, such as { GTXPro: GTX Pro }').map(([text, value]) => [text.trim(), value.value === null ? null : (value.json() ?? null)]));
}

/** `default`: a constant, or an expression with conditions of its own. */
function parseFallback(node: MapNode, scope: ValueScope, depth: number): Value | undefined {
  const below = node.get('default');
  if (!below) return undefined;
  if (below.is('mapping')) return parseValue(below, scope, depth + 1);
  const value = below.json();
  return value === undefined ? undefined : constant(value);
}

export const parseZone = (node: MapNode): string | undefined => (isZone(node.value) ? node.value : node.expected('an IANA time zone, such as Europe/Zurich'));

export const parseCurrency = (node: MapNode): string | undefined => (isCurrency(node.value) ? node.value : node.expected('an ISO 4217 code, such as EUR'));
