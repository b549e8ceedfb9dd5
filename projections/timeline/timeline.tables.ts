import type { ColumnSpec, TableSpec } from '../../libs/kernel/projection.js';

const text = (comment: string): ColumnSpec => ({ type: 'text', comment });
const at = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment });
const maybeAt = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment, nullable: true });

const entry: TableSpec = {
  comment: 'One event, said in one sentence.',
  key: ['position'],
  columns: {
    position: { type: 'bigint', comment: 'Its place in the log.' },
    event_id: text('Id of the event.'),
    type: text('Its type.'),
    stream: text('The stream it is in.'),
    entity_kind: text('lead, deal, follow_up …: what the stream is of.'),
    entity_id: text('Its id.'),
    occurred_at: at('When it happened.'),
    recorded_at: at('When the log learned it.'),
    actor_id: text('Who did it.'),
    actor_role: text('In which role; system for the engine itself.'),
    text: text('What happened, in one sentence without personal data.'),
  },
  indexes: [
    { columns: ['occurred_at', 'position'] }, { columns: ['type', 'occurred_at', 'position'] },
    { columns: ['entity_id', 'entity_kind', 'occurred_at', 'position'] }, { columns: ['actor_id', 'occurred_at', 'position'], where: `actor_role <> 'system'` },
  ],
};

const mention: TableSpec = {
  comment: 'What and whom else an event is about, besides its own entity and who did it, which its entry tells: one row for each.',
  // In the order in which it is read, the id first, which tells rows apart sooner: the key is the only index there is.
  key: ['id', 'kind', 'occurred_at', 'position'],
  columns: {
    kind: text('lead, deal, client, case, contract, member, follow_up …'),
    id: text('Its id.'),
    occurred_at: at('When it happened.'),
    position: { type: 'bigint', comment: 'Its place in the log: the `timeline_entry` of this position says what happened.' },
    type: text('Its type.'),
  },
};

const subject: TableSpec = {
  comment: 'What a follow-up, meeting, contract, deal … belongs to, as said when it began.',
  key: ['entity_kind', 'entity_id', 'subject_kind', 'subject_id'],
  columns: { entity_kind: text('follow_up, meeting, deal …'), entity_id: text('Its id.'), subject_kind: text('lead, deal, client, case or contract.'), subject_id: text('Id of what it belongs to.') },
  indexes: [{ columns: ['subject_kind', 'subject_id'] }],
};

const owner: TableSpec = {
  comment: 'Who owned a lead, deal, follow-up … on which dates.',
  key: ['entity_kind', 'entity_id', 'stay'],
  columns: {
    entity_kind: text('lead, deal, follow_up …'),
    entity_id: text('Its id.'),
    stay: { type: 'integer', comment: 'Running number, from 1.' },
    member_id: text('Who owned it.'),
    valid_from: maybeAt('First moment; empty for the first owner: since ever.'),
    valid_to: maybeAt('Moment it ended; empty while it lasts.'),
  },
  indexes: [{ columns: ['member_id'] }],
};

const day: TableSpec = {
  comment: 'Days on which something happened, each from when the first event of that day was known.',
  key: ['day'],
  columns: { day: { type: 'date', comment: 'The day, in UTC.' } },
};

/** `timeline_<name>`, `timeline_days_<name>` and `timeline_links_<name>` in SQL. */
export const timelineTables = { entry, mention };
export const linkTables = { subject, owner };
export const dayTables = { day };
export type TimelineTable = keyof typeof timelineTables;
export type LinkTable = keyof typeof linkTables;
