import type { ReadStore } from '../readstore/sql.js';
import type { KeyStore, StoredKey } from './key-store.js';

const TABLE = 'personal_key';

/** Keys in PostgreSQL, for all processes of a company. No read model: nothing brings this table back. */
class SqlKeyStore implements KeyStore {
  constructor(private readonly store: Pick<ReadStore, 'query'>) {}

  async find(subjects: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    const rows = await this.store.query<{ subject: string; wrapped: string | null }>(`SELECT subject, wrapped FROM ${TABLE} WHERE subject = ANY ($1::text[])`, [subjects]);
    return new Map(rows.map(({ subject, wrapped }) => [subject, wrapped === null ? 'destroyed' : { wrapped }]));
  }

  async add(keys: ReadonlyMap<string, string>): Promise<void> {
    await this.store.query(`INSERT INTO ${TABLE} (subject, wrapped) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT (subject) DO NOTHING`, [[...keys.keys()], [...keys.values()]]);
  }

  async destroy(subjects: readonly string[]): Promise<void> {
    await this.store.query(
      `INSERT INTO ${TABLE} (subject, destroyed_at) SELECT subject, now() FROM unnest($1::text[]) AS each (subject) ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyed_at = coalesce(${TABLE}.destroyed_at, now())`, [[...new Set(subjects)]]);
  }

  /** The connections are the read store's own. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** @throws ReadStoreError */
export async function openSqlKeyStore(store: Pick<ReadStore, 'query' | 'script'>): Promise<KeyStore> {
  await store.script(`CREATE TABLE IF NOT EXISTS ${TABLE} (subject text PRIMARY KEY, wrapped text, destroyed_at timestamptz, CHECK ((wrapped IS NULL) <> (destroyed_at IS NULL)));
COMMENT ON TABLE ${TABLE} IS 'The keys that personal data in the log is sealed with, wrapped by the master key. No read model: what is lost here is lost for ever.'`);
  return new SqlKeyStore(store);
}
