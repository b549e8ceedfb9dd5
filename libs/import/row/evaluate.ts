import { isZone } from '../../kernel/time.js';
import type { Condition, Conversion, Json, Value } from '../map/model.js';
import { toDay, toInstant } from './convert-date.js';
import { toMoney, toNumber } from './convert-number.js';
import { converted, unconvertible, type Converted } from './converted.js';
import { idOfKey } from './derived-ids.js';

/** Why a row cannot be taken. `field` is the column where there is one, else the field of the command. */
export interface RowProblem {
  readonly field: string;
  readonly reason: string;
  readonly code: string;
}

export interface RowView {
  /** The trimmed text of a cell; undefined where it is empty. */
  cell(column: string): string | undefined;
}

export interface Lookups {
  /** The cell `take` of the row whose `match` is `text`. `found` tells an unknown text from an empty cell. */
  find(file: string, match: string, text: string, take: string): { readonly found: boolean; readonly text?: string };
}

export interface Scope {
  readonly row: RowView;
  readonly lookups: Lookups;
  /** Filled while evaluating: a row is told all that is wrong with it at once. */
  readonly problems: RowProblem[];
}

export function holds(condition: Condition, row: RowView): boolean {
  switch (condition.kind) {
    case 'equals': {
      const cell = row.cell(condition.column);
      return cell !== undefined && condition.texts.has(cell);
    }
    case 'present': return row.cell(condition.column) !== undefined;
    case 'not': return !holds(condition.condition, row);
    case 'all': return condition.conditions.every((each) => holds(each, row));
    case 'any': return condition.conditions.some((each) => holds(each, row));
  }
}

/** The column that a value comes from, for the reject file: the first where there are several. */
export function columnOf({ source, fallback }: Value): string | undefined {
  switch (source.kind) {
    case 'column': return source.column;
    case 'template': return source.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.column]))[0];
    case 'id': return source.key.map(columnOf).find((column) => column !== undefined);
    case 'lookup': return columnOf(source.by);
    case 'object': return source.fields.map(({ value }) => columnOf(value)).find((column) => column !== undefined);
    case 'list': return source.items.map(columnOf).find((column) => column !== undefined);
    case 'const': return fallback && columnOf(fallback);
  }
}

/** The value for this row; undefined where it is absent. What is wrong with it goes to the scope's problems. */
export function evaluate(value: Value, scope: Scope, field: string): Json | undefined {
  if (value.when && !holds(value.when, scope.row)) return undefined;
  const problemsBefore = scope.problems.length;
  const own = aliased(value, sourceOf(value, scope, field), scope, field);
  if (own === undefined && scope.problems.length > problemsBefore) return undefined;
  const raw = own ?? (value.fallback && evaluate(value.fallback, scope, field));
  if (raw === undefined || !value.convert) return raw;
  // A default with a conversion of its own is finished already.
  return own === undefined && value.fallback?.convert ? raw : convert(value, value.convert, raw, scope, field);
}

/** The texts of a key; undefined where one of them is absent: such a row has no identity. */
export function keyTexts(key: readonly Value[], scope: Scope, field: string): readonly string[] | undefined {
  const texts = key.map((part) => evaluate(part, scope, field));
  const missing = texts.findIndex((text) => text === undefined);
  if (missing >= 0) {
    const column = columnOf(key[missing]!);
    scope.problems.push({ field: column ?? field, reason: 'is empty, and it is part of the key', code: 'key_missing' });
    return undefined;
  }
  return texts.map(String);
}

function sourceOf(value: Value, scope: Scope, field: string): Json | undefined {
  const { source } = value;
  switch (source.kind) {
    case 'column': return scope.row.cell(source.column);
    case 'const': return source.value ?? undefined;
    case 'template': {
      const pieces = source.parts.map((part) => (typeof part === 'string' ? part : scope.row.cell(part.column)));
      return pieces.includes(undefined) ? undefined : pieces.join('');
    }
    case 'id': {
      const key = source.key.map((part) => evaluate(part, scope, field));
      // An id of an empty cell is absent, like the cell: whether the command can do without it, its fields say.
      return key.includes(undefined) ? undefined : idOfKey(source.prefix, key.map(String));
    }
    case 'lookup': {
      const text = evaluate(source.by, scope, field);
      if (text === undefined) return undefined;
      const { found, text: taken } = scope.lookups.find(source.file, source.match, String(text), source.take);
      if (!found && !value.fallback) scope.problems.push({ field: columnOf(source.by) ?? field, reason: `"${String(text)}" is no ${source.match} in ${source.file}`, code: 'lookup_not_found' });
      return taken;
    }
    case 'object': {
      const fields = source.fields.flatMap(({ name, value: below }) => {
        const made = evaluate(below, scope, field);
        return made === undefined ? [] : [[name, made] as const];
      });
      return fields.length === 0 ? undefined : Object.fromEntries(fields);
    }
    case 'list': {
      const items = source.items.flatMap((item) => evaluate(item, scope, field) ?? []);
      return items.length === 0 ? undefined : items;
    }
  }
}

function aliased(value: Value, raw: Json | undefined, scope: Scope, field: string): Json | undefined {
  if (raw === undefined || !value.values) return raw;
  const text = String(raw);
  const alias = value.values.get(text);
  if (alias !== undefined) return alias ?? undefined; // null stands for "nothing"
  if (value.others === 'keep') return raw;
  scope.problems.push({ field: columnOf(value) ?? field, reason: `"${text}" is none of ${[...value.values.keys()].join(', ')}`, code: 'value_not_listed' });
  return undefined;
}

function convert(value: Value, conversion: Conversion, raw: Json, scope: Scope, field: string): Json | undefined {
  const made = read(conversion, String(raw), scope, field);
  if (made.ok) return made.value;
  scope.problems.push({ field: columnOf(value) ?? field, reason: made.reason, code: `${conversion.kind}_malformed` });
  return undefined;
}

function read(conversion: Conversion, text: string, scope: Scope, field: string): Converted<Json> {
  switch (conversion.kind) {
    case 'date': {
      const zone = evaluate(conversion.zone, scope, field);
      if (zone === undefined) return unconvertible(`"${text}" has no time zone`);
      return isZone(zone) ? toInstant(text, conversion.format, zone, conversion.time) : unconvertible(`"${String(zone)}" is no IANA time zone`);
    }
    case 'day': return toDay(text, conversion.format);
    case 'money': {
      const currency = evaluate(conversion.currency, scope, field);
      if (currency === undefined) return unconvertible(`"${text}" has no currency`);
      const money = toMoney(text, String(currency), conversion.scale, conversion.signs);
      return money.ok ? converted({ ...money.value }) : money;
    }
    case 'number': return toNumber(text, conversion.signs);
    case 'flag': {
      const word = text.toLowerCase();
      if (conversion.yes.has(word)) return converted(true);
      return conversion.no.has(word) ? converted(false) : unconvertible(`"${text}" is neither yes (${[...conversion.yes].join(', ')}) nor no (${[...conversion.no].join(', ')})`);
    }
    case 'split': return converted(text.split(conversion.by).map((item) => item.trim()).filter((item) => item !== ''));
  }
}

