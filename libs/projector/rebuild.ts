import type { AnyProjection } from '../kernel/projection.js';
import type { ReadStore } from '../readstore/sql.js';
import { addBuild, buildsOf, checkDefinition, PARTITIONS_MAX, servingBuild, type Build } from './builds.js';
import { claimPartition } from './claim.js';
import { compareBuilds, type Comparison } from './compare.js';
import { ENTITIES_CACHED_MAX } from './limits.js';
import type { LogSource } from './log-source.js';
import { checkNames } from './names.js';
import { PageFeed } from './page-feed.js';
import { PartitionWriter } from './partition-writer.js';
import { lockSchema, makeBuildIndexes } from './schema.js';
import { dropBuild, swap } from './swap.js';
import { writeLog } from './write-log.js';

export interface RebuildOptions {
  /** Swap even when the rebuilt rows differ from those that serve, or the serving ones cannot be compared. */
  readonly force?: boolean;
  /** Throw away what an interrupted rebuild has filled so far. */
  readonly afresh?: boolean;
  readonly onProgress?: (progress: RebuildProgress) => void;
  readonly signal?: AbortSignal;
  /** Names this process in the status. */
  readonly owner: string;
}

export interface RebuildProgress {
  readonly position: number;
  readonly head: number;
  readonly events: number;
  readonly elapsedMs: number;
  readonly phase: 'filling' | 'indexing' | 'catching_up' | 'comparing' | 'swapped';
}

export type RebuildOutcome =
  | { readonly swapped: true; readonly build: Build; readonly comparison: Comparison | undefined }
  /** The rebuilt tables stay, filled, until the next rebuild; the serving ones go on. */
  | { readonly swapped: false; readonly build: Build; readonly comparison: Comparison }
  /** Resumable: the next rebuild goes on from here. */
  | { readonly swapped: false; readonly build: Build; readonly interrupted: true };

/** A rebuild of the same projection is at work elsewhere. */
export class RebuildRunning extends Error {}

/** The build to be filled: one that an interrupted rebuild left, or a new one. */
async function openFilling(store: ReadStore, projection: AnyProjection, options: RebuildOptions): Promise<Build> {
  checkNames(projection);
  const left = (await buildsOf(store, projection.name)).filter(({ state }) => state === 'filling');
  const usable = options.afresh ? undefined : left.find(({ version }) => version === projection.version);
  for (const build of left) if (build !== usable) await dropBuild(store, build);
  if (usable) {
    checkDefinition(projection, usable);
    return usable;
  }
  return store.transaction(async (sql) => {
    await lockSchema(sql);
    const serving = await servingBuild(sql, projection.name);
    return addBuild(sql, projection, serving?.partitions ?? 1, 'filling');
  });
}

/** Fills a build up to the present head of the log; gives the number of events seen. Strict: the first event that cannot be folded ends it. */
async function fill(store: ReadStore, source: LogSource, projection: AnyProjection, build: Build, options: RebuildOptions, progress: (position: number, head: number, events: number) => void): Promise<boolean> {
  const reading = new AbortController();
  const stop = (): void => reading.abort();
  options.signal?.addEventListener('abort', stop, { once: true });
  if (options.signal?.aborted) stop();
  const writers: PartitionWriter[] = [];
  for (let partition = 0; partition < Math.min(build.partitions, PARTITIONS_MAX); partition += 1) {
    const claim = await store.transaction((sql) => claimPartition(sql, build, partition, options.owner));
    writers.push(new PartitionWriter(store, projection, claim, { strict: true, entitiesCachedMax: Math.ceil((ENTITIES_CACHED_MAX * 4) / build.partitions) }));
  }
  const reached = (): number => Math.min(...writers.map(({ position }) => position));
  const head = await source.head();
  if (reached() >= head) return true;
  const feed = new PageFeed(reading.signal);
  const from = reached();
  const pump = feed.pump(source.subscribe({ afterPosition: from < 0 ? null : from, eventTypes: projection.events, upTo: head, signal: reading.signal }));
  try {
    let events = 0;
    return await writeLog(feed, writers, (fed) => {
      events += fed.events.length;
      progress(reached(), head, events);
      return reached() >= head;
    });
  } finally {
    options.signal?.removeEventListener('abort', stop);
    reading.abort();
    await pump;
  }
}

/**
 * Rebuilds a projection beside the tables that serve, compares, and swaps. The serving tables answer, and go on, all the
 * while. Interrupted, it is resumed by the next call.
 * @throws RebuildRunning, ParkingCeiling at the first event that cannot be folded, DefinitionChanged, ReadStoreError
 */
export async function rebuild(store: ReadStore, source: LogSource, projection: AnyProjection, options: RebuildOptions): Promise<RebuildOutcome> {
  const seat = await store.takeSeat(`pipeledger rebuild ${projection.name}`);
  if (!seat) throw new RebuildRunning(`projection ${projection.name} is being rebuilt elsewhere`);
  const startedMs = performance.now();
  let seen = 0;
  const tell = (phase: RebuildProgress['phase'], position: number, head: number): void =>
    options.onProgress?.({ phase, position, head, events: seen, elapsedMs: performance.now() - startedMs });
  try {
    const build = await openFilling(store, projection, options);
    const pass = async (phase: 'filling' | 'catching_up'): Promise<boolean> => {
      const before = seen;
      return fill(store, source, projection, build, options, (position, head, events) => {
        seen = before + events;
        tell(phase, position, head);
      });
    };
    if (!(await pass('filling'))) return { swapped: false, build, interrupted: true };
    if (!build.indexed) {
      tell('indexing', await source.head(), await source.head());
      await store.transaction(async (sql) => {
        await makeBuildIndexes(sql, projection, build.suffix);
        await sql.query('UPDATE projection_build SET indexed = true WHERE projection = $1 AND build = $2', [build.projection, build.build]);
      }, { statementTimeoutMs: 0 });
    }
    // What was written to the log meanwhile.
    if (!(await pass('catching_up'))) return { swapped: false, build, interrupted: true };
    const serving = await servingBuild(store, projection.name);
    tell('comparing', await source.head(), await source.head());
    const comparison = serving && !options.force ? await compareBuilds(store, projection, serving, build) : undefined;
    if (comparison && !comparison.equal) return { swapped: false, build, comparison };
    if (options.signal?.aborted) return { swapped: false, build, interrupted: true };
    await swap(store, build, comparison);
    tell('swapped', await source.head(), await source.head());
    return { swapped: true, build: { ...build, state: 'serving', indexed: true }, comparison };
  } finally {
    await seat.leave();
  }
}
