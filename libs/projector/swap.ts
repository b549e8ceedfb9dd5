import type { ReadStore, Sql } from '../readstore/sql.js';
import { buildsOf, type Build } from './builds.js';
import { dropBuildTables, lockSchema, pointViews } from './schema.js';

/** What dropping a build asks of it. */
export type DroppedBuild = Pick<Build, 'projection' | 'build' | 'suffix' | 'tables'>;

/** There is no build that could take over. */
export class NothingToSwap extends Error {}

async function serve(sql: Sql, from: Build | undefined, to: Build, formerState: 'former' | 'set_aside', comparison: unknown): Promise<void> {
  if (from) {
    await sql.query('UPDATE projection_build SET state = $3 WHERE projection = $1 AND build = $2', [from.projection, from.build, formerState]);
    // Whoever writes the former tables is fenced off, looks again and finds the new ones.
    await sql.query('UPDATE projection_checkpoint SET epoch = epoch + 1 WHERE projection = $1 AND build = $2', [from.projection, from.build]);
  }
  await sql.query(`UPDATE projection_build SET state = 'serving', swapped_at = now(), comparison = coalesce($3::jsonb, comparison) WHERE projection = $1 AND build = $2`, [to.projection, to.build, comparison === undefined ? null : JSON.stringify(comparison)]);
  await pointViews(sql, to.projection, to.suffix, to.tables);
}

/** Drops a build for good. Not the one that serves. */
export async function dropBuild(store: ReadStore, build: DroppedBuild): Promise<void> {
  await store.transaction(async (sql) => {
    await lockSchema(sql);
    await dropBuildTables(sql, build.projection, build.suffix, Object.keys(build.tables));
    for (const table of ['projection_parked', 'projection_checkpoint', 'projection_build']) await sql.query(`DELETE FROM ${table} WHERE projection = $1 AND build = $2`, [build.projection, build.build]);
  });
}

/** Lets a filled build serve, in one transaction; the one that served stays as the former. Older ones are dropped. */
export async function swap(store: ReadStore, filled: Build, comparison: unknown): Promise<void> {
  const older = await store.transaction(async (sql) => {
    await lockSchema(sql);
    const builds = await buildsOf(sql, filled.projection);
    await serve(sql, builds.find(({ state }) => state === 'serving'), filled, 'former', comparison);
    return builds.filter(({ state, build }) => (state === 'former' || state === 'set_aside') && build !== filled.build);
  });
  for (const build of older) await dropBuild(store, build);
}

/**
 * Rolls a projection back to its former tables, in one transaction; those that served are set aside until a rebuild.
 * The former tables go on from where they were left. Returns the build that serves now.
 * @throws NothingToSwap
 */
export async function rollBack(store: ReadStore, projection: string): Promise<Build> {
  return store.transaction(async (sql) => {
    await lockSchema(sql);
    const builds = await buildsOf(sql, projection);
    const former = builds.filter(({ state }) => state === 'former').at(-1);
    if (!former) throw new NothingToSwap(`projection ${projection} has no former tables`);
    await serve(sql, builds.find(({ state }) => state === 'serving'), former, 'set_aside', undefined);
    return { ...former, state: 'serving' };
  });
}
