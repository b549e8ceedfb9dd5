import type { AnyProjection } from '../kernel/projection.js';
import type { ReadStore } from '../readstore/sql.js';
import { STATISTICS_EVENTS } from './limits.js';
import { namesOf, tablesOf } from './names.js';

/**
 * Keeps the store's knowledge of how a build's rows are spread, by which it plans how to find them. A table that was empty when it was last
 * looked at is planned for as such: after a long log was taken in, reports would read it whole until PostgreSQL looks again by itself, and PGlite
 * never does. Looked at when there is nothing else to do, and again when there is twice as much.
 */
export class Statistics {
  #events = 0;
  #dueAt = STATISTICS_EVENTS;
  #latest: Promise<void> = Promise.resolve();

  constructor(private readonly store: ReadStore, private readonly projection: AnyProjection, private readonly suffix: string, private readonly report: (message: string, error: unknown) => void) {}

  /** So many events more have been written. */
  written(events: number, caughtUp: boolean): void {
    this.#events += events;
    if (!caughtUp || this.#events < this.#dueAt) return;
    this.#dueAt = this.#events * 2;
    this.#latest = this.#latest.then(() => this.#look());
  }

  /** Resolves when no look is under way. */
  async settled(): Promise<void> {
    await this.#latest;
  }

  async #look(): Promise<void> {
    const names = namesOf(this.projection.name, this.suffix);
    const tables = [names.time, ...tablesOf(this.projection).flatMap(([table]) => [names.current(table), names.history(table)])];
    // What is not known costs time, not truth.
    await this.store.script(`ANALYZE ${tables.join(', ')}`).catch((error: unknown) => this.report(`the tables of projection ${this.projection.name} could not be analysed`, error));
  }
}
