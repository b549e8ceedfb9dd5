import pg from 'pg';
import { toReadStoreError, type Seat } from './sql.js';

const CONNECT_TIMEOUT_MS = 5_000;

interface Session {
  readonly client: pg.Client;
  broken: boolean;
  /** Settles when the last question was answered. */
  last: Promise<unknown>;
}

/**
 * Seats as session advisory locks, all on one connection of their own: when it breaks, or the process dies,
 * PostgreSQL gives every seat of the process free.
 */
export class PostgresSeats {
  readonly #taken = new Set<string>();
  #session: Promise<Session> | undefined;

  constructor(private readonly connectionString: string) {}

  async take(name: string): Promise<Seat | undefined> {
    // A session may take its own advisory lock twice: that one is checked here.
    if (this.#taken.has(name)) return undefined;
    this.#taken.add(name);
    try {
      const session = await this.#open();
      const taken = await this.#ask(session, 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS done', name);
      if (!taken) {
        this.#taken.delete(name);
        return undefined;
      }
      return this.#seat(name, session);
    } catch (error) {
      this.#taken.delete(name);
      throw toReadStoreError(error);
    }
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await session?.client.end().catch(() => undefined);
  }

  #seat(name: string, session: Session): Seat {
    let left = false;
    return {
      held: () => !left && !session.broken,
      leave: async () => {
        if (left) return;
        left = true;
        // A broken session has given the lock free already.
        if (!session.broken) await this.#ask(session, 'SELECT pg_advisory_unlock(hashtextextended($1, 0)) AS done', name).catch(() => undefined);
        this.#taken.delete(name);
      },
    };
  }

  /** A connection answers one question at a time. */
  #ask(session: Session, text: string, name: string): Promise<boolean> {
    const answer = session.last.then(async () => (await session.client.query<{ done: boolean }>(text, [name])).rows[0]?.done === true);
    session.last = answer.catch(() => undefined);
    return answer;
  }

  #open(): Promise<Session> {
    this.#session ??= this.#connect().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  async #connect(): Promise<Session> {
    const client = new pg.Client({ connectionString: this.connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, application_name: 'pipeledger seats', keepAlive: true });
    const session: Session = { client, broken: false, last: Promise.resolve() };
    const lost = (): void => {
      if (session.broken) return;
      session.broken = true;
      this.#session = undefined;
      this.#taken.clear();
    };
    client.on('error', lost);
    client.on('end', lost);
    await client.connect();
    return session;
  }
}
