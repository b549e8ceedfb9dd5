import type { DomainEvent, Recorded } from './event.js';

export type ColumnType = 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'date' | 'double' | 'jsonb';

export interface ColumnSpec {
  readonly type: ColumnType;
  /** The sentence that the SQL comment and the table's page show. */
  readonly comment: string;
  readonly nullable?: true;
}

export interface TableSpec {
  readonly comment: string;
  /** Columns that tell the table's rows of one moment apart. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /**
   * Extra indexes, each a list of columns, with an optional SQL predicate. Closed rows have them too, unless `closed` says that reports as of
   * the past do without: all that was true at a position is found by the position itself.
   */
  readonly indexes?: readonly { readonly columns: readonly string[]; readonly where?: string; readonly closed?: false }[];
  /** False where no report looks up single rows as of the past by their key: closed rows then have no index of it. */
  readonly closedByKey?: false;
}

/** A cell: text, a whole number or a double, a flag, an Instant, a day, or JSON (an object). */
export type CellValue = string | number | boolean | null | object;
export type Row = Readonly<Record<string, CellValue>>;

/**
 * The row of one part of a state, spelt out only when the part is another object than at the event before: states are immutable,
 * so the same object stands for the same row. A long history costs nothing more at each event. The row must be made of
 * nothing but the part, its place in the list and what never changes in its entity.
 */
export class PartRow {
  constructor(readonly part: object, readonly row: () => Row) {}
}

/** The rows that a state stands for, by table. A row no longer named is no longer true. */
export type Rows<T extends string = string> = Readonly<Partial<Record<T, readonly (Row | PartRow)[]>>>;

/**
 * A read model, pure, defined once and run three ways: live, rebuilt, and as of a past moment.
 * The engine keeps one state a key; `rows` says which rows that state stands for.
 */
export interface Projection<S extends object, E extends DomainEvent = DomainEvent, T extends string = string> {
  readonly name: string;
  readonly version: number;
  readonly tables: Readonly<Record<T, TableSpec>>;
  /**
   * Tables whose rows this version means to change against the version before. A rebuild must bring out all others
   * equal before it may take over; columns that only one of the two versions has are not compared.
   */
  readonly revises?: readonly T[];
  /** Event types it wants: the subscription's filter. */
  readonly events: readonly E['type'][];
  /** Every event is an entity of its own, so its state is never asked for again: none is kept, neither in memory nor in the store. */
  readonly keyPerEvent?: true;
  /**
   * Columns that tell of a person: emptied in the versions of an entity's rows that end with this event, or before it, whether it changes the entity or not. What is
   * forgotten is not to be found by asking as of the past. The state after the event must no longer hold it.
   */
  readonly forgets?: { readonly on: E['type']; readonly columns: Readonly<Partial<Record<T, readonly string[]>>> };
  /** The entity an event changes; null when it changes none. */
  key(event: Recorded<E>): string | null;
  /** The state after the event; undefined where the entity has no state (yet). Plain JSON: it is stored and read back between any two events. */
  evolve(state: S | undefined, event: Recorded<E>): S | undefined;
  /** All rows of one entity. Deterministic in the state alone. */
  rows(state: S, key: string): Rows<T>;
}

/** A projection whose types are of no interest to the one who holds it: the engine, the status page. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential type: TypeScript has no other way to say "some S, E, T"
export type AnyProjection = Projection<any, any, any>;

/** Declares a projection; only infers its types. */
export const projection = <S extends object, E extends DomainEvent, T extends string>(declared: Projection<S, E, T>): Projection<S, E, T> => declared;
