import { LineCounter, parseDocument, type Document } from 'yaml';
import type { CommandRegistry } from '../../dispatch/registry.js';
import type { FieldError } from '../../kernel/parse-command.js';
import type { FileMap, FileNeeds, ImportMap, Step } from './model.js';
import { MapNode, pathText, type MapError, type MapPath } from './map-node.js';
import { isName, NAME_RULE, nameAt, unique } from './names.js';
import { parseCommandMap, parseSetupCommand } from './parse-commands.js';
import { DEFAULT_CSV, parseCsvOptions } from './parse-csv-options.js';
import { parseCurrency, parseKey, parseZone, type ValueScope } from './parse-value.js';

export type ParsedMap = { readonly ok: true; readonly map: ImportMap } | { readonly ok: false; readonly errors: readonly FieldError[] };

const TOP_KEYS = ['source', 'zone', 'currency', 'csv', 'files', 'setup', 'steps'];
const STEP_KEYS = ['name', 'file', 'key', 'commands'];
const FILES_MAX = 16;
/** The other parts of the upload. */
const RESERVED_FILES = ['map', 'data'];
/** YAML aliases can blow a small text up without end. */
const ALIASES_MAX = 1_000;

const noNeeds = (): FileNeeds => ({ columns: new Map(), matches: new Set() });

/** The line of the nearest place that the text knows; aliases hide what is below them. */
function lineOf(document: Document, lines: LineCounter, path: MapPath): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return lines.linePos(range[0]).line;
  }
  return undefined;
}

/**
 * Reads a map and checks it against the commands that the engine knows. Every error names its path in the map,
 * its line and what was expected; none is left for the rows to find that could be known now.
 */
export function parseImportMap(text: string, registry: CommandRegistry): ParsedMap {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  if (document.errors.length > 0) {
    return { ok: false, errors: document.errors.map(({ message, pos }) => ({ field: '', message: `the map is not YAML: ${message} (line ${lines.linePos(pos[0]).line})` })) };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    return { ok: false, errors: [{ field: '', message: `the map is not usable YAML: ${error instanceof Error ? error.message : String(error)}` }] };
  }
  const errors: MapError[] = [];
  const map = readMap(new MapNode(value, [], errors), registry);
  if (map && errors.length === 0) return { ok: true, map };
  return {
    ok: false,
    errors: errors.map(({ path, message }) => {
      const line = lineOf(document, lines, path);
      return { field: pathText(path), message: `${message}${line === undefined ? '' : ` (line ${line})`}` };
    }),
  };
}

function readMap(top: MapNode, registry: CommandRegistry): ImportMap | undefined {
  if (!top.allows(TOP_KEYS, 'a mapping with source and steps')) return undefined;
  const source = nameAt(top, 'source') ?? '';
  const zoneNode = top.get('zone');
  const currencyNode = top.get('currency');
  const zone = (zoneNode && parseZone(zoneNode)) ?? 'UTC';
  const currency = currencyNode && parseCurrency(currencyNode);
  const csvNode = top.get('csv');
  const csv = csvNode ? parseCsvOptions(csvNode, DEFAULT_CSV) : DEFAULT_CSV;
  const files = readFiles(top);
  const fileNeeds = new Map([...files.keys()].map((name) => [name, noNeeds()] as const));
  const mainNeeds = noNeeds();
  const scopeOf = (needs: FileNeeds): ValueScope => ({ needs, fileNeeds, zone, ...(currency !== undefined && { currency }) });
  const setup = top.get('setup')?.items('a list of commands').flatMap((node) => parseSetupCommand(node, registry, zone) ?? []) ?? [];
  const stepsNode = top.get('steps') ?? top.fail('expected steps: what becomes of the rows');
  const steps = stepsNode?.items('a list of steps').flatMap((node) => readStep(node, registry, (file) => scopeOf(file === undefined ? mainNeeds : (fileNeeds.get(file) ?? noNeeds())), files) ?? []) ?? [];
  if (stepsNode?.is('list') && steps.filter(({ file }) => file === undefined).length !== 1) stepsNode.fail('expected exactly one step without file: the one that reads the main file');
  unique(stepsNode, steps.map(({ name }) => name), 'steps');
  unique(top.get('setup'), setup.map(({ name }) => name), 'setup commands');
  return { source, csv, files, setup, steps, mainNeeds, fileNeeds };
}

function readFiles(top: MapNode): ReadonlyMap<string, FileMap> {
  const entries = top.get('files')?.entries('a mapping of names to files') ?? [];
  if (entries.length > FILES_MAX) top.get('files')!.fail(`expected at most ${FILES_MAX} files`);
  return new Map(entries.flatMap(([name, node]) => {
    if (!isName(name) || RESERVED_FILES.includes(name)) return node.fail(`expected ${NAME_RULE}, other than ${RESERVED_FILES.join(' and ')}`) ?? [];
    if (node.is('text')) return [[name, { path: node.text('a path') ?? name, csv: DEFAULT_CSV }] as const];
    if (!node.allows(['path', 'csv'], 'a path, or a mapping with path and csv')) return [];
    const csv = node.get('csv');
    return [[name, { path: node.get('path')?.text('a path') ?? name, csv: csv ? parseCsvOptions(csv, DEFAULT_CSV) : DEFAULT_CSV }] as const];
  }));
}

function readStep(node: MapNode, registry: CommandRegistry, scopeOf: (file: string | undefined) => ValueScope, files: ReadonlyMap<string, FileMap>): Step | undefined {
  if (!node.allows(STEP_KEYS, 'a mapping with name, key and commands')) return undefined;
  const name = nameAt(node, 'name');
  const fileNode = node.get('file');
  const file = fileNode?.text('the name of a file under files');
  if (fileNode && file !== undefined && !files.has(file)) fileNode.fail(`no file is called ${file}; files has ${[...files.keys()].join(', ') || 'none'}`);
  const scope = scopeOf(file);
  const keyNode = node.get('key') ?? node.fail('expected key: the columns that tell one row from another');
  const key = keyNode ? parseKey(keyNode, scope) : [];
  const commandsNode = node.get('commands') ?? node.fail('expected commands: what each row becomes');
  const commands = commandsNode?.items('a list of commands').flatMap((item) => parseCommandMap(item, registry, scope, key) ?? []) ?? [];
  if (commandsNode?.is('list') && commandsNode.items('').length === 0) commandsNode.fail('expected at least one command');
  unique(commandsNode, commands.map((command) => command.name), 'commands of this step');
  return name === undefined ? undefined : { name, ...(file !== undefined && { file }), commands };
}
