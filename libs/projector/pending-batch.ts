import type { Instant, Recorded } from '../kernel/event.js';
import type { Cells, Entity, RowChange } from './fold.js';

/** A row version that a batch opened. */
export interface OpenedVersion {
  readonly entity: string;
  readonly cells: Cells;
  readonly fromPosition: number;
  readonly from: Instant;
}

/** A row version that ended, at the event that ended it. */
export interface ClosedVersion {
  readonly entity: string;
  readonly cells: Cells;
  readonly toPosition: number;
  readonly to: Instant;
}

export interface TableChanges {
  /** Opened in this batch and still true at its end. By the very cells: a row that did not change keeps them, and one that did has others. */
  readonly opened: Map<Cells, OpenedVersion>;
  /** True before this batch, ended in it. */
  readonly closed: ClosedVersion[];
  /** Opened and ended within this batch. */
  readonly passed: (OpenedVersion & ClosedVersion)[];
}

export interface ParkedEvent {
  readonly position: number;
  readonly key: string | null;
  readonly stream: string;
  readonly type: string;
  readonly recordedAt: Instant;
  readonly reason: 'poison' | 'held';
  readonly error: string | null;
}

/** What a batch of events will change; nothing of it is true before the transaction commits. */
export class PendingBatch {
  readonly tables = new Map<string, TableChanges>();
  /** Each key's entity after the batch; none of a projection whose events are entities of their own. */
  readonly entities = new Map<string, Entity>();
  readonly parked: ParkedEvent[] = [];
  /** Entities whose former rows are to forget, too: those that ended by this position. */
  readonly forgotten = new Map<string, number>();
  /** Positions at which rows changed, by the time the log recorded them; only the last one of a time. */
  readonly times = new Map<Instant, number>();
  events = 0;

  /** Takes over what an event changed in the rows of a key. */
  change(key: string, changes: readonly RowChange[], event: Pick<Recorded, 'position' | 'recordedAt'>): void {
    if (changes.length === 0) return;
    this.times.set(event.recordedAt, event.position);
    for (const change of changes) this.#changeRow(key, change, event);
  }

  #changeRow(entity: string, { table, closed, opened }: RowChange, { position, recordedAt }: Pick<Recorded, 'position' | 'recordedAt'>): void {
    let changes = this.tables.get(table);
    if (!changes) this.tables.set(table, (changes = { opened: new Map(), closed: [], passed: [] }));
    if (closed) {
      const own = changes.opened.get(closed);
      if (own) {
        changes.opened.delete(closed);
        changes.passed.push({ ...own, toPosition: position, to: recordedAt });
      } else changes.closed.push({ entity, cells: closed, toPosition: position, to: recordedAt });
    }
    if (opened) changes.opened.set(opened, { entity, cells: opened, fromPosition: position, from: recordedAt });
  }
}
