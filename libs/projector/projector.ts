import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import type { AnyProjection } from '../kernel/projection.js';
import type { ReadStore } from '../readstore/sql.js';
import { openBuild, prepareStore } from './builds.js';
import type { LogSource } from './log-source.js';
import { runPartition } from './projection-worker.js';

export interface ProjectorOptions {
  readonly store: ReadStore;
  readonly source: LogSource;
  readonly projections: readonly AnyProjection[];
  /** Hash partitions of a projection that is new; fixed from then on. */
  readonly partitions?: number;
  readonly report?: (message: string, error?: unknown) => void;
}

/** Runs projections live: every partition for which this process gets the seat. */
export class Projector {
  readonly #abort = new AbortController();
  #running: Promise<void>[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: ProjectorOptions) {}

  /** Makes missing tables and starts. Resolves when all are on their way, not when they have caught up. */
  async start(): Promise<void> {
    const { store, source, projections, partitions = 1, report = () => undefined } = this.options;
    // Every partition waits with a listener of its own; they go when the wait ends.
    setMaxListeners(0, this.#abort.signal);
    await prepareStore(store);
    const context = {
      store, source, report, owner: `${hostname()}:${process.pid}`, signal: this.#abort.signal,
      committed: () => {
        for (const listener of this.#listeners) listener();
      },
    };
    for (const projection of projections) {
      const build = await openBuild(store, projection, partitions);
      for (let partition = 0; partition < build.partitions; partition += 1) this.#running.push(runPartition(context, projection, partition));
    }
  }

  /** Calls back after every commit of this process. Returns what ends it. */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends after the transactions in flight. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#running);
    this.#running = [];
  }
}
