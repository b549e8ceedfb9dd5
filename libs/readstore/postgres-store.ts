import pg from 'pg';
import { inTurn } from '../kernel/together.js';
import { binaryList } from './binary-list.js';
import { copyBinary, copyStatement } from './copy-binary.js';
import { copyFrom } from './postgres-copy.js';
import { PostgresSeats } from './postgres-seats.js';
import { READ_STATEMENT_MS_MAX, READ_WAIT_MS_MAX, READS_WAITING_MAX, ReadQueue, type ReadLimits } from './read-queue.js';
import { LANES_MAX, SnapshotLanes } from './snapshot-lanes.js';
import { ReadStoreError, SqlList, toReadStoreError, type CopyColumns, type CopyValue, type ReadStore, type Seat, type Sql, type TransactionOptions } from './sql.js';
import { VALUE_PARSERS } from './values.js';

export const CONNECTIONS_MAX = 10;
export const CONNECT_TIMEOUT_MS = 5_000;
export const STATEMENT_TIMEOUT_MS = 30_000;
/** A transaction that its program forgot must not hold locks for ever. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;
/** Connections that no second one of a snapshot takes: for those that write, and for health. */
const CONNECTIONS_KEPT = 4;
const READ_LIMITS: ReadLimits = { atOnce: 4, waitingMax: READS_WAITING_MAX, waitMsMax: READ_WAIT_MS_MAX, statementMsMax: READ_STATEMENT_MS_MAX };
const IDLE_CONNECTION_MS = 30_000;

/**
 * Compiling a report takes seconds where running it takes milliseconds; tables and indexes in use are in memory, so that looking up is
 * not four times as dear as reading on.
 */
const SESSION_SETTINGS = '-c timezone=UTC -c datestyle=ISO -c jit=off -c random_page_cost=1.1';

const BEGIN_SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

const types: pg.CustomTypesConfig = {
  // pg asks for a parser by number and format; only text is ever asked for here.
  getTypeParser: (oid: number): ((text: string) => unknown) => VALUE_PARSERS[oid] ?? (pg.types.getTypeParser(oid, 'text') as (text: string) => unknown), // the driver's own type for it is any
};

/**
 * What is asked in one go leaves in one piece. Each piece wakes the server, which where processors are few takes the place of the one who
 * is still asking.
 */
function inOnePiece({ stream }: pg.Connection): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

const names = new Map<string, string>();

/** The name under which a statement that is asked again and again is kept by each connection, parsed and planned. There are a few a table. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `pipeledger_${names.size + 1}`;
  names.set(text, name);
  return name;
}

/** Statements may be asked before those ahead have been answered: they are sent at once, and run in the order in which they were asked. */
const sqlOf = (client: pg.Client): Sql => ({
  async query<R extends object>(text: string, params: readonly unknown[] = []): Promise<R[]> {
    try {
      inOnePiece(client.connection);
      const values = params.map((each) => (each instanceof SqlList ? binaryList(each) : each));
      return (await client.query<R>({ text, values, ...(params.some((each) => each instanceof SqlList) && { name: nameOf(text) }) })).rows;
    } catch (error) {
      throw toReadStoreError(error);
    }
  },
  async script(text) {
    try {
      inOnePiece(client.connection);
      await client.query(text);
    } catch (error) {
      throw toReadStoreError(error);
    }
  },
  async copyIn(table: string, columns: CopyColumns, rows: Iterable<readonly CopyValue[]>) {
    const pieces = copyBinary(columns, rows);
    if (!pieces) return;
    try {
      inOnePiece(client.connection);
      await copyFrom(client, copyStatement(table, columns, 'STDIN'), pieces);
    } catch (error) {
      throw toReadStoreError(error);
    }
  },
});

class PostgresStore implements ReadStore {
  readonly kind = 'postgres';
  readonly #pool: pg.Pool;
  readonly #seats: PostgresSeats;

  readonly #reads: ReadQueue;

  constructor(connectionString: string, limits: Partial<ReadLimits>) {
    this.#reads = new ReadQueue({ ...READ_LIMITS, ...limits });
    this.#seats = new PostgresSeats(connectionString);
    this.#pool = new pg.Pool({
      connectionString, types, pipeline: true, max: CONNECTIONS_MAX, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, idleTimeoutMillis: IDLE_CONNECTION_MS, application_name: 'pipeledger',
      statement_timeout: STATEMENT_TIMEOUT_MS, idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS, options: SESSION_SETTINGS,
    });
    // Idle connections break when the server restarts; the next query opens a new one and reports for itself.
    this.#pool.on('error', () => undefined);
  }

  query<R extends object>(text: string, params?: readonly unknown[]): Promise<R[]> {
    return this.#borrow((sql) => sql.query<R>(text, params));
  }

  script(text: string): Promise<void> {
    return this.#borrow((sql) => sql.script(text));
  }

  copyIn(table: string, columns: CopyColumns, rows: Iterable<readonly CopyValue[]>): Promise<void> {
    return this.#borrow((sql) => sql.copyIn(table, columns, rows));
  }

  transaction<T>(work: (sql: Sql) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const timeout = options.statementTimeoutMs === undefined ? '' : `; SET LOCAL statement_timeout = ${Math.trunc(options.statementTimeoutMs)}`;
    return this.#borrow(async (sql) => {
      // Nobody waits for it: what is asked next runs after it, and fails as it does where the connection is lost.
      const begun = sql.script(`${options.snapshot ? BEGIN_SNAPSHOT : 'BEGIN'}${timeout}`);
      const done = options.snapshot ? this.#inLanes(sql, work, timeout) : work(sql);
      await inTurn([begun, done]);
      const result = await done;
      await sql.script('COMMIT');
      return result;
    });
  }

  read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#reads.run(() => this.transaction(work, { snapshot: true, statementTimeoutMs: this.#reads.limits.statementMsMax }));
  }

  takeSeat(name: string): Promise<Seat | undefined> {
    return this.#seats.take(name);
  }

  async close(): Promise<void> {
    await this.#seats.close();
    await this.#pool.end();
  }

  async #inLanes<T>(sql: Sql, work: (sql: Sql) => Promise<T>, timeout: string): Promise<T> {
    const [snapshot] = this.#hasSpareConnection ? await sql.query<{ id: string }>('SELECT pg_export_snapshot() AS id') : [];
    const serving: Promise<void>[] = [];
    const lanes = new SnapshotLanes(() => {
      if (snapshot && serving.length < LANES_MAX && this.#hasSpareConnection) serving.push(this.#serve(lanes, `${BEGIN_SNAPSHOT}; SET TRANSACTION SNAPSHOT '${snapshot.id}'${timeout}`));
    });
    serving.push(lanes.serve(sql));
    try {
      return await work(lanes);
    } finally {
      await lanes.end();
      // The snapshot is there for as long as the first transaction is: until the connection is given back.
      await Promise.all(serving);
    }
  }

  /** Opens one more lane. Where it cannot be had, everything runs on those there are: that is no failure. */
  async #serve(lanes: SnapshotLanes, begin: string): Promise<void> {
    await this.#borrow(async (sql) => {
      await sql.script(begin);
      await lanes.serve(sql);
      await sql.script('COMMIT');
    }).catch(() => undefined);
  }

  /** Whether a transaction may take a second connection. It never waits for one: all might wait for each other. */
  get #hasSpareConnection(): boolean {
    return this.#pool.waitingCount === 0 && this.#pool.totalCount - this.#pool.idleCount < CONNECTIONS_MAX - CONNECTIONS_KEPT;
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      const known = toReadStoreError(error);
      throw known.kind === 'faulty' ? new ReadStoreError('unavailable', known.message, known.sqlState, { cause: error }) : known;
    }
  }

  /** A broken or half-done connection is thrown away: its session ends, and with it any open transaction. */
  async #borrow<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken = true;
    const lost = (): void => undefined; // a query in flight reports the break itself
    client.on('error', lost);
    try {
      const result = await work(sqlOf(client));
      broken = false;
      return result;
    } catch (error) {
      broken = !(await rolledBack(client));
      throw error;
    } finally {
      client.off('error', lost);
      client.release(broken);
    }
  }
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

/** Opens a pool on PostgreSQL. @throws ReadStoreError `unavailable` when nobody answers */
export async function openPostgres(databaseUrl: string, reads: Partial<ReadLimits> = {}): Promise<ReadStore> {
  const store = new PostgresStore(databaseUrl, reads);
  try {
    await store.query('SELECT 1');
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
