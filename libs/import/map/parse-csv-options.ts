import type { CsvOptions } from './model.js';
import type { MapNode } from './map-node.js';

export const DEFAULT_CSV: CsvOptions = { delimiter: ',', quote: '"', encoding: 'utf-8', empty: new Set() };

const KEYS = ['delimiter', 'quote', 'encoding', 'columns', 'empty'];

function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false; // a RangeError: the platform knows no such label
  }
}

/** `csv`: how a file is written. */
export function parseCsvOptions(node: MapNode, defaults: CsvOptions): CsvOptions {
  if (!node.allows(KEYS, 'a mapping, such as { delimiter: ";" }')) return defaults;
  const delimiterNode = node.get('delimiter');
  const delimiter = typeof delimiterNode?.value === 'string' ? delimiterNode.value : defaults.delimiter;
  if (delimiterNode && !/^[^\n\r"A-Za-z0-9]$/.test(delimiter)) delimiterNode.expected('one sign, such as ";" or "\\t"');
  const encodingNode = node.get('encoding');
  const encoding = encodingNode?.text('an encoding such as utf-8') ?? defaults.encoding;
  if (encodingNode && !isEncoding(encoding)) encodingNode.expected('an encoding such as utf-8, windows-1252 or utf-16le');
  const columns = node.get('columns')?.items('the names of the columns').flatMap((item) => item.scalarText('a name')?.trim() ?? []);
  const empty = node.get('empty')?.items('a list of texts').flatMap((item) => item.scalarText('a text')?.trim() ?? []);
  const quoteNode = node.get('quote');
  const quote = quoteNode?.value === 'none' ? undefined : (quoteNode?.oneOf(['"', "'"] as const) ?? defaults.quote);
  return { delimiter, encoding, ...(quote !== undefined && { quote }), ...(columns && { columns }), empty: empty ? new Set(empty) : defaults.empty };
}
