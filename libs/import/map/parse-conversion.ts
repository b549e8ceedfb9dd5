import { isCurrency } from '../../kernel/money.js';
import { isZone } from '../../kernel/time.js';
import { formatProblem } from '../row/convert-date.js';
import type { Conversion, NumberSigns, Value } from './model.js';
import type { MapNode } from './map-node.js';

export const CONVERSIONS = ['date', 'day', 'money', 'number', 'flag', 'split'] as const;

const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;
const START_OF_DAY = '00:00';
const YES = ['true', 'yes', 'y', '1'];
const NO = ['false', 'no', 'n', '0'];

interface Defaults {
  readonly zone: string;
  readonly currency?: string;
}

type ParseValue = (node: MapNode) => Value | undefined;

const constantText = (value: string): Value => ({ source: { kind: 'const', value }, others: 'keep' });

/** The date conversion that applies where the map names none: ISO 8601, the map's zone, the start of the day. */
export const isoDate = (zone: string): Conversion => ({ kind: 'date', zone: constantText(zone), time: START_OF_DAY });

/** The one conversion of an expression, if it has any. */
export function parseConversion(node: MapNode, defaults: Defaults, parseValue: ParseValue): Conversion | undefined {
  const given = CONVERSIONS.filter((conversion) => node.has(conversion));
  if (given.length > 1) return node.fail(`expected one conversion, found ${given.join(' and ')}`);
  const kind = given[0];
  if (kind === undefined) return undefined;
  const options = node.get(kind);
  if (!options) return node.fail(`${kind} needs a mapping; where its defaults will do: ${kind}: {}`);
  switch (kind) {
    case 'date': return parseDate(options, defaults.zone, parseValue);
    case 'day': return options.allows(['format'], 'a mapping, such as { format: dd.MM.yyyy }') ? { kind, ...parseFormat(options) } : undefined;
    case 'money': return parseMoney(options, defaults.currency, parseValue);
    case 'number': return options.allows(['decimal', 'group'], 'a mapping, {} where the defaults will do') ? { kind, signs: parseSigns(options) } : undefined;
    case 'flag': {
      if (!options.allows(['yes', 'no'], 'a mapping, such as { yes: [Y], no: [N] }')) return undefined;
      return { kind, yes: new Set(texts(options, 'yes') ?? YES), no: new Set(texts(options, 'no') ?? NO) };
    }
    case 'split': {
      const by = options.text('the sign between the items, such as ";"');
      return by === undefined ? undefined : { kind, by };
    }
  }
}

const texts = (node: MapNode, key: string): string[] | undefined =>
  node.get(key)?.items('a list of texts').flatMap((item) => item.scalarText('a text')?.trim().toLowerCase() ?? []);

function parseFormat(options: MapNode): { format?: string } {
  const node = options.get('format');
  const format = node?.text('a pattern such as dd.MM.yyyy HH:mm');
  const wrong = format === undefined ? undefined : formatProblem(format);
  if (node && wrong) node.fail(wrong);
  return format === undefined ? {} : { format };
}

function parseDate(options: MapNode, zoneDefault: string, parseValue: ParseValue): Conversion | undefined {
  if (!options.allows(['format', 'zone', 'time'], 'a mapping, such as { format: dd.MM.yyyy, zone: Europe/Zurich }')) return undefined;
  const zoneNode = options.get('zone');
  const timeNode = options.get('time');
  const time = timeNode?.text('a time of day, such as 09:00') ?? START_OF_DAY;
  if (timeNode && !TIME.test(time)) timeNode.expected('a time of day, such as 09:00');
  const zone = zoneNode ? constantOrExpression(zoneNode, isZone, 'an IANA time zone, such as Europe/Zurich', parseValue) : constantText(zoneDefault);
  return zone && { kind: 'date', zone, time, ...parseFormat(options) };
}

function parseMoney(options: MapNode, currencyDefault: string | undefined, parseValue: ParseValue): Conversion | undefined {
  if (!options.allows(['currency', 'scale', 'decimal', 'group'], 'a mapping, such as { currency: EUR }')) return undefined;
  const node = options.get('currency');
  const scale = options.get('scale')?.oneOf(['major', 'minor'] as const) ?? 'major';
  const currency = node ? constantOrExpression(node, isCurrency, 'an ISO 4217 code, such as EUR', parseValue) : currencyDefault === undefined ? undefined : constantText(currencyDefault);
  if (!node && !currency) return options.fail('expected currency, here or at the top of the map');
  return currency && { kind: 'money', currency, scale, signs: parseSigns(options) };
}

/** A fixed text that is checked now, or an expression that is checked with every row. */
function constantOrExpression(node: MapNode, valid: (value: unknown) => boolean, what: string, parseValue: ParseValue): Value | undefined {
  if (node.is('mapping')) return parseValue(node);
  return typeof node.value === 'string' && valid(node.value) ? constantText(node.value) : node.expected(what);
}

function parseSigns(options: MapNode): NumberSigns {
  const decimal = options.get('decimal')?.oneOf(['.', ','] as const) ?? '.';
  const group = options.get('group')?.oneOf(['.', ',', ' ', "'", '’', '_'] as const);
  if (group === decimal) options.fail('decimal and group must differ');
  return { decimal, ...(group !== undefined && { group }) };
}
