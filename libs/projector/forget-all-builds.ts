import type { ReadStore } from '../readstore/sql.js';
import { dropBuild, type DroppedBuild } from './swap.js';

/** Drops all builds, and what was decided to be passed over: positions of one log mean nothing in another. */
export async function forgetAllBuilds(store: ReadStore): Promise<void> {
  const builds = await store.query<DroppedBuild>('SELECT projection, build, suffix, tables FROM projection_build');
  for (const build of builds) await dropBuild(store, build);
  await store.query('DELETE FROM projection_discarded');
}
