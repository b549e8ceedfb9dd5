import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import type { AnyProjection } from '../kernel/projection.js';
import type { ReadStore } from '../readstore/sql.js';
import { buildsOf, openBuild, prepareStore } from './builds.js';
import { BATCH_SLOT_MS_MAX, BATCHES_AT_ONCE_MAX } from './limits.js';
import type { LogSource } from './log-source.js';
import { runPartition, type WorkerContext } from './projection-worker.js';
import { rebuild } from './rebuild.js';
import { SharedLog } from './shared-log.js';
import { projectionStatuses, type ProjectionStatus } from './status.js';
import { Slots } from './slots.js';

export interface ProjectorOptions {
  readonly store: ReadStore;
  readonly source: LogSource;
  readonly projections: readonly AnyProjection[];
  /** Hash partitions of a projection that is new; fixed from then on. */
  readonly partitions?: number;
  /** Partitions of each projection that this process runs at most, so that others get theirs. Left out: all it can get. */
  readonly partitionsHereMax?: number;
  readonly report?: (message: string, error?: unknown) => void;
}

/** Runs projections live: every partition for which this process gets the seat. */
export class Projector {
  readonly #abort = new AbortController();
  /** Names this process in the status. */
  readonly owner = `${hostname()}:${process.pid}`;
  readonly #running: Promise<void>[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: ProjectorOptions) {}

  /**
   * Makes missing tables and starts. Resolves when all are on their way, not when they have caught up. A projection whose
   * version is newer than the tables that serve is rebuilt beside them, in the background, and takes over by itself where
   * nothing differs but what its version declares.
   */
  async start(): Promise<void> {
    const { store, source, projections, partitions = 1, report = () => undefined } = this.options;
    // Every partition waits with a listener of its own; they go when the wait ends.
    setMaxListeners(0, this.#abort.signal);
    await prepareStore(store);
    const context: WorkerContext = {
      store, report, owner: this.owner, signal: this.#abort.signal, partitionsHereMax: this.options.partitionsHereMax ?? Infinity,
      slots: new Slots(BATCHES_AT_ONCE_MAX, BATCH_SLOT_MS_MAX),
      source: new SharedLog(source, [...new Set(projections.flatMap((projection) => [...projection.events] as string[]))]), // event types are texts
      committed: () => {
        for (const listener of this.#listeners) listener();
      },
    };
    for (const projection of projections) {
      const build = await openBuild(store, projection, partitions);
      if (build.version < projection.version) this.#running.push(this.#upgrade(projection, report));
      for (let partition = 0; partition < build.partitions; partition += 1) this.#running.push(runPartition(context, projection, partition));
    }
  }

  /** Where every projection stands, against the present head of the log. */
  async status(): Promise<ProjectionStatus[]> {
    return projectionStatuses(this.options.store, this.options.source, this.options.projections);
  }

  /** Calls back after every commit of this process. Returns what ends it. */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends after the transactions in flight. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#running.splice(0));
  }

  async #upgrade(projection: AnyProjection, report: (message: string, error?: unknown) => void): Promise<void> {
    const { store, source } = this.options;
    try {
      // Someone rolled this very version back: it takes over again only when someone says so.
      if ((await buildsOf(store, projection.name)).some(({ state, version }) => state === 'set_aside' && version === projection.version)) return;
      const outcome = await rebuild(store, source, projection, { owner: this.owner, signal: this.#abort.signal });
      if (outcome.swapped) report(`projection ${projection.name} now serves version ${projection.version}`);
      else if ('comparison' in outcome) report(`version ${projection.version} of projection ${projection.name} differs from the tables that serve, in more than it declares: it waits for a rebuild with force`);
    } catch (error) {
      report(`projection ${projection.name} could not be rebuilt; its former version goes on serving`, error);
    }
  }
}
