import type { ReadStore, Sql } from '../../../libs/readstore/sql.js';

/** Where a process dies: at which statement since its start, and whether before it is sent, when it is on its way, or once it is answered. A commit counts as a statement. */
export interface KillPoint {
  readonly statement: number;
  readonly moment: 'before' | 'sent' | 'answered';
}

const never = new Promise<never>(() => undefined);

function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return never;
}

/** A store in whose midst the process kills itself, with no chance to tidy up. */
export function killingStore(store: ReadStore, { statement, moment }: KillPoint): ReadStore {
  let count = 0;
  const at = async <T>(run: () => Promise<T>): Promise<T> => {
    count += 1;
    if (count !== statement) return run();
    if (moment === 'before') return die();
    const answer = run();
    if (moment === 'answered') await answer;
    else await new Promise((resolve) => setImmediate(resolve)); // it is in the socket by then
    return die();
  };
  const counted = (sql: Sql): Sql => ({
    query: (text, params) => at(() => sql.query(text, params)),
    script: (text) => at(() => sql.script(text)),
    // Nothing is sent for no rows. They are the store's to read only once, from a list that is filled anew.
    copyIn: (table, columns, rows) => {
      const kept = Array.from(rows, (row) => [...row]);
      return kept.length === 0 ? sql.copyIn(table, columns, kept) : at(() => sql.copyIn(table, columns, kept));
    },
  });
  return {
    ...counted(store),
    kind: store.kind,
    transaction: async (work, options) => {
      let isLast = false;
      const result = await store.transaction(async (sql) => {
        const done = await work(counted(sql));
        count += 1;
        isLast = count === statement;
        if (isLast && moment === 'before') return die();
        if (isLast && moment === 'sent') setImmediate(() => void die()); // COMMIT goes out as soon as this returns
        return done;
      }, options);
      return isLast ? die() : result;
    },
    read: (work) => store.read(work),
    takeSeat: (name) => store.takeSeat(name),
    close: () => store.close(),
  };
}
