/** A value as it leaves the store: see `values.ts` for which SQL type becomes what. */
export type SqlValue = string | number | boolean | null | object;

/** A value that a bulk insert can write; objects are written as JSON. */
export type CopyValue = string | number | boolean | null | object;

/** A timestamptz is an Instant (`yyyy-mm-ddThh:mm:ss.mmmZ`), a date `yyyy-mm-dd`. */
export type CopyType = 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'date' | 'double' | 'json' | 'jsonb';

/** The columns that a bulk insert fills, in the order of its rows, each with the very type that it has in the table. */
export type CopyColumns = Readonly<Record<string, CopyType>>;

/**
 * A list as a parameter, told the type of its elements: the cheapest way for a long one. A plain list is an SQL array, too. A statement with such a
 * list is taken for one that is asked with every batch: connections keep it prepared.
 */
export class SqlList {
  constructor(readonly type: CopyType, readonly values: readonly CopyValue[]) {}
}

/**
 * Statements on one connection. What a transaction hands out is good only until the transaction ends. They may be asked without waiting for the
 * ones before: they run in the order in which they were asked (those of a snapshot in any), and after one that failed so do all that follow.
 */
export interface Sql {
  /** One statement, its parameters as `$1`, `$2` … Arrays are SQL arrays. @throws ReadStoreError */
  query<R extends object = Record<string, SqlValue>>(text: string, params?: readonly unknown[]): Promise<R[]>;
  /** Several statements without parameters: definitions. @throws ReadStoreError */
  script(text: string): Promise<void>;
  /**
   * Inserts many rows with COPY, the fastest way in; each row in the order of `columns`. Names are SQL, not data. All rows are read before it
   * returns, each before the next is asked for: it may be the same list, filled anew. @throws ReadStoreError
   */
  copyIn(table: string, columns: CopyColumns, rows: Iterable<readonly CopyValue[]>): Promise<void>;
}

export interface TransactionOptions {
  /** Reads one consistent moment and refuses to write. Statements asked at the same time may run at the same time, over several connections. */
  readonly snapshot?: true;
  /**
   * Instead of the store's own statement timeout: for definitions and comparisons of whole tables. 0 means none. PGlite has none of
   * its own, and counts all statements of the transaction together.
   */
  readonly statementTimeoutMs?: number;
}

/** A seat that one process at a time may hold, for as long as it lives. */
export interface Seat {
  /** False once the seat is lost (the connection that held it broke). */
  held(): boolean;
  leave(): Promise<void>;
}

/** Where the rows of the read models live: PostgreSQL, or PGlite in a directory. One contract suite holds for both. */
export interface ReadStore extends Sql {
  readonly kind: 'postgres' | 'pglite';
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Reads one consistent moment for whoever asks from outside. Such reads take turns, and each has so much time (`ReadLimits`), so that nobody
   * who writes waits for more than one of them. @throws ReadStoreError `busy` when its turn would come too late, `timeout`
   */
  read<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Takes the named seat, or nothing when someone else sits there. */
  takeSeat(name: string): Promise<Seat | undefined>;
  /** Settles when a store that this process runs itself is given up, with a sentence; undefined where there is none. */
  readonly failed?: Promise<string> | undefined;
  close(): Promise<void>;
}

export type ReadStoreErrorKind =
  /** No connection, shutting down, too many clients: the same call may work later. */
  | 'unavailable'
  /** Lost a race with another transaction: run the whole transaction again. */
  | 'conflict'
  /** As many reads run and wait as may: the same call may work later. */
  | 'busy'
  /** The statement ran longer than it may. */
  | 'timeout'
  /** The data cannot be stored: a constraint, a type, a character. Trying again changes nothing. */
  | 'rejected'
  /** Anything else: a mistake in the statement. */
  | 'faulty';

/** Every error of a driver leaves the store as one of these; `cause` is the driver's own. */
export class ReadStoreError extends Error {
  constructor(readonly kind: ReadStoreErrorKind, message: string, readonly sqlState: string | undefined, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReadStoreError';
  }
}

/** Whether the same transaction may work when it is tried again. */
export const isTransient = (error: unknown): error is ReadStoreError =>
  error instanceof ReadStoreError && ['unavailable', 'conflict', 'timeout', 'busy'].includes(error.kind);

const KIND_BY_CLASS: Readonly<Record<string, ReadStoreErrorKind>> = { '08': 'unavailable', '53': 'unavailable', '57': 'unavailable', '58': 'unavailable', '40': 'conflict', '55': 'conflict', '22': 'rejected', '23': 'rejected', '21': 'rejected' };
export const QUERY_CANCELLED = '57014';
const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
const SQL_STATE = /^[0-9A-Z]{5}$/;

/** Sorts a driver's error by what the caller can do about it. */
export function toReadStoreError(error: unknown): ReadStoreError {
  if (error instanceof ReadStoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
  if (code !== undefined && NETWORK_CODES.has(code)) return new ReadStoreError('unavailable', message, undefined, { cause: error });
  if (code === QUERY_CANCELLED) return new ReadStoreError('timeout', message, code, { cause: error });
  if (code !== undefined && SQL_STATE.test(code)) return new ReadStoreError(KIND_BY_CLASS[code.slice(0, 2)] ?? 'faulty', message, code, { cause: error });
  // pg raises these two without a code; PGlite the third.
  if (/Connection terminated|timeout exceeded when trying to connect|is closed/i.test(message)) return new ReadStoreError('unavailable', message, undefined, { cause: error });
  return new ReadStoreError('faulty', message, undefined, { cause: error });
}
