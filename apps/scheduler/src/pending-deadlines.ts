import { namesOf } from '../../../libs/projector/names.js';
import { servingBuild } from '../../../libs/projector/builds.js';
import { positionOf } from '../../../libs/projector/wait-for.js';
import type { ReadStore } from '../../../libs/readstore/sql.js';
import type { PendingDeadline, PendingDeadlines } from '../../../libs/timers/scheduler.js';

interface DeadlineRow {
  readonly stream: string;
  readonly kind: string;
  readonly part: string;
  readonly aggregate_id: string;
  readonly due_at: string;
  readonly ring_at: string;
  readonly known_from_position: number;
}

const PROJECTION = 'deadlines';
const ORDER = 'ring_at, stream, kind, part';

/** The rows of projections/deadlines, present knowledge only. */
export class DeadlineRows implements PendingDeadlines {
  constructor(readonly store: ReadStore) {}

  async page(until: string, limit: number, after: PendingDeadline | undefined, sincePosition: number): Promise<readonly PendingDeadline[]> {
    const build = await servingBuild(this.store, PROJECTION);
    if (!build) return [];
    const from = after ? [after.ringAt, after.stream, after.kind, after.part] : ['-infinity', '', '', ''];
    const rows = await this.store.query<DeadlineRow>(
      `SELECT stream, kind, part, aggregate_id, due_at, ring_at, known_from_position FROM ${namesOf(PROJECTION, build.suffix).current('deadline')}
       WHERE ring_at <= $1 AND known_from_position > $2 AND (${ORDER}) > ($3::timestamptz, $4, $5, $6) ORDER BY ${ORDER} LIMIT $7`,
      [until, sincePosition, ...from, limit]);
    return rows.map(({ stream, kind, part, aggregate_id: aggregateId, due_at: dueAt, ring_at: ringAt, known_from_position: position }) => ({ stream, kind, part, aggregateId, dueAt, ringAt, position }));
  }

  async position(): Promise<number> {
    return (await positionOf(this.store, PROJECTION)) ?? -1;
  }
}
