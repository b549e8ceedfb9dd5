import type { ReadStore } from '../readstore/sql.js';
import type { Build } from './builds.js';
import { dropBuild } from './swap.js';

/** Drops every build of every projection, and what was decided to be passed over: positions of one log mean nothing in another. */
export async function forgetAllBuilds(store: ReadStore): Promise<void> {
  const builds = await store.query<Pick<Build, 'projection' | 'build' | 'suffix' | 'tables'>>('SELECT projection, build, suffix, tables FROM projection_build');
  for (const build of builds) await dropBuild(store, build);
  await store.query('DELETE FROM projection_discarded');
}
