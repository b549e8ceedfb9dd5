import type { Instant } from '../../libs/kernel/event.js';
import { writeCursor } from '../../libs/kernel/cursor.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { companyOf } from '../coordinator-efficiency/scope.js';
import { entriesOf } from './candidates.js';
import { CURSOR, TimelineParams } from './timeline.params.js';

export interface TimelineEntry {
  readonly eventId: string;
  readonly type: string;
  readonly stream: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly actor: { readonly id: string; readonly role: string };
  readonly text: string;
}

export interface TimelineAnswer {
  readonly tz: string;
  readonly entries: readonly TimelineEntry[];
  readonly nextCursor: string | null;
}

/** What happened, newest first. @throws ReadStoreError */
export async function timelineReport(view: ReportView, params: TimelineParams): Promise<TimelineAnswer> {
  const { tz } = await companyOf(view, params.tz);
  const { limit } = params;
  const found = await entriesOf(view, params, tz);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    tz,
    entries: rows.map((row) => ({ eventId: row.event_id, type: row.type, stream: row.stream, occurredAt: row.occurred_at, recordedAt: row.recorded_at, actor: { id: row.actor_id, role: row.actor_role }, text: row.text })),
    nextCursor: found.length > limit && last ? writeCursor(CURSOR, [last.occurred_at, last.position]) : null,
  };
}

export const timelineStatus = report({
  name: 'timeline',
  version: 1,
  title: 'Timeline',
  description: 'All that happened to a lead, deal, client, person or anything else, newest first, each event with its id and one sentence.',
  projections: ['timeline', 'timeline_days', 'roster'],
  params: TimelineParams,
  figures: [{ name: 'entries', title: 'Entries', unit: 'records', definition: 'Events about the subject and all that belongs to it, newest first by when they happened, `limit` at a time; nextCursor leads to the earlier ones.' }],
  run: timelineReport,
});
