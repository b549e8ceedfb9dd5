import type { Registered } from '../../dispatch/registry.js';
import type { Instant } from '../../kernel/event.js';

/** What YAML can say: the values of constants. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Where a value comes from. */
export type Source =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'const'; readonly value: Json }
  | { readonly kind: 'template'; readonly parts: readonly (string | { readonly column: string })[] }
  | { readonly kind: 'id'; readonly prefix: string; readonly key: readonly Value[] }
  | { readonly kind: 'lookup'; readonly file: string; readonly match: string; readonly by: Value; readonly take: string }
  | { readonly kind: 'object'; readonly fields: readonly NamedValue[] }
  | { readonly kind: 'list'; readonly items: readonly Value[] };

/** How the signs of a number are to be read: `1.234,50` has decimal `,` and group `.`. */
export interface NumberSigns {
  readonly decimal: string;
  readonly group?: string;
}

/** What a text is turned into. */
export type Conversion =
  | { readonly kind: 'date'; readonly format?: string; readonly zone: Value; readonly time: string }
  | { readonly kind: 'day'; readonly format?: string }
  | { readonly kind: 'money'; readonly currency: Value; readonly scale: 'major' | 'minor'; readonly signs: NumberSigns }
  | { readonly kind: 'number'; readonly signs: NumberSigns }
  | { readonly kind: 'flag'; readonly yes: ReadonlySet<string>; readonly no: ReadonlySet<string> }
  | { readonly kind: 'split'; readonly by: string };

export type Condition =
  | { readonly kind: 'equals'; readonly column: string; readonly texts: ReadonlySet<string> }
  | { readonly kind: 'present'; readonly column: string }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] };

/** One value of a row: its source, then aliases, then a default, then one conversion. Absent where `when` does not hold. */
export interface Value {
  readonly source: Source;
  readonly values?: ReadonlyMap<string, Json>;
  /** What becomes of a text that `values` does not list. */
  readonly others: 'keep' | 'reject';
  readonly fallback?: Value;
  readonly convert?: Conversion;
  readonly when?: Condition;
}

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

/** How a row becomes one command. */
export interface CommandMap {
  /** Part of the command's id, so that an import run again finds what it wrote. */
  readonly name: string;
  readonly registered: Registered;
  /** What tells this command from the same one of other rows. */
  readonly key: readonly Value[];
  readonly when?: Condition;
  /** Left out: the moment of the import. */
  readonly occurredAt?: Value;
  readonly fields: readonly NamedValue[];
}

/** A command that needs no row. */
export interface SetupCommand {
  readonly name: string;
  readonly registered: Registered;
  readonly occurredAt?: Instant;
  readonly fields: Readonly<Record<string, Json>>;
}

export interface Step {
  readonly name: string;
  /** A file that the map declares; undefined: the main file. */
  readonly file?: string;
  readonly commands: readonly CommandMap[];
}

export interface CsvOptions {
  readonly delimiter: string;
  /** Undefined: no character quotes. */
  readonly quote?: string;
  /** A WHATWG encoding label: utf-8, windows-1252, utf-16le … */
  readonly encoding: string;
  /** Names of the columns of a file that has no header line. */
  readonly columns?: readonly string[];
  /** Spellings of "nothing" besides the empty cell: NULL, n/a … */
  readonly empty: ReadonlySet<string>;
}

export interface FileMap {
  /** Where a client looks for it, relative to the main file. */
  readonly path: string;
  readonly csv: CsvOptions;
}

/** What the map needs of a file, so that it can be checked before anything is written. */
export interface FileNeeds {
  /** The path in the map that asks for a column, by column. */
  readonly columns: Map<string, string>;
  /** Columns by which lookups find a row: each value once. */
  readonly matches: Set<string>;
}

export interface ImportMap {
  /** Names the origin of the keys: part of every command id. */
  readonly source: string;
  readonly csv: CsvOptions;
  readonly files: ReadonlyMap<string, FileMap>;
  readonly setup: readonly SetupCommand[];
  readonly steps: readonly Step[];
  readonly mainNeeds: FileNeeds;
  readonly fileNeeds: ReadonlyMap<string, FileNeeds>;
}
