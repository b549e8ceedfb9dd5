import type { ColumnSpec, TableSpec } from '../../libs/kernel/projection.js';

const text = (comment: string): ColumnSpec => ({ type: 'text', comment });
const at = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment });

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
    actor_id: text('Who did it.'),
    actor_role: text('In which role; system for the engine itself.'),
    owner_id: { type: 'text', comment: 'Who owns its entity from then on, where the event says so: it begins, or changes hands. Before the first, it is the first.', nullable: true },
    text: text('What happened, in one sentence without personal data.'),
  },
  indexes: [
    { columns: ['occurred_at', 'position'] }, { columns: ['type'] },
    { columns: ['entity_id', 'entity_kind', 'occurred_at', 'position'] }, { columns: ['actor_id', 'occurred_at', 'position'], where: `actor_role <> 'system'` },
    { columns: ['entity_id', 'entity_kind', 'occurred_at', 'position'], where: 'owner_id IS NOT NULL' }, { columns: ['owner_id'], where: 'owner_id IS NOT NULL' },
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

const day: TableSpec = {
  comment: 'Days on which something happened, each from when the first event of that day was known.',
  key: ['day'],
  columns: { day: { type: 'date', comment: 'The day, in UTC.' } },
};

/** `timeline_<name>` and `timeline_days_<name>` in SQL. */
export const timelineTables = { entry, mention };
export const dayTables = { day };
export type TimelineTable = keyof typeof timelineTables;
