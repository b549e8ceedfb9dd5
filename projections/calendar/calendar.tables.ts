import type { ColumnSpec, TableSpec } from '../../libs/kernel/projection.js';

const text = (comment: string): ColumnSpec => ({ type: 'text', comment });
const maybe = (comment: string): ColumnSpec => ({ type: 'text', comment, nullable: true });
const at = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment });

/** What became of a meeting. */
export const MEETING_STATUSES = ['scheduled', 'held', 'cancelled', 'missed'] as const;
export type MeetingStatus = (typeof MEETING_STATUSES)[number];

const meeting: TableSpec = {
  comment: 'Every meeting, one row for each member who takes part; cancelled ones stay, so that calendars learn of it.',
  key: ['meeting_id', 'member_id'],
  columns: {
    meeting_id: text('Id of the meeting.'),
    member_id: text('Who takes part.'),
    takes_part_as: text('owner or attendee.'),
    status: text('scheduled, held, cancelled or missed.'),
    title: text('What it is called.'),
    location: maybe('Where it is.'),
    starts_at: at('When it starts.'),
    ends_at: at('When it ends.'),
    zone: text('Where its hour was agreed.'),
    subject_kind: text('lead, deal, client, case or contract.'),
    subject_id: text('Id of what it is about.'),
    with_ids: { type: 'jsonb', comment: 'The other members who take part.' },
    sequence: { type: 'integer', comment: 'How often it was moved or cancelled.' },
    planned_at: at('When the log learned of it.'),
    changed_at: at('When the log learned of its last change.'),
  },
  indexes: [{ columns: ['member_id', 'starts_at'] }, { columns: ['starts_at'] }],
};

const member: TableSpec = {
  comment: 'Where each member is.',
  key: ['member_id'],
  columns: { member_id: text('The member.'), zone: text('Their time zone.') },
};

const feed: TableSpec = {
  comment: 'Secret links to members’ meetings that are open.',
  key: ['feed_id'],
  columns: { feed_id: text('Id of the link; the secret is not known.'), member_id: text('Whose meetings it shows.'), opened_at: at('When it was opened.') },
  indexes: [{ columns: ['member_id'] }],
};

/** The calendar’s tables; `calendar_<name>` in SQL. */
export const calendarTables = { meeting, member, feed };
export type CalendarTable = keyof typeof calendarTables;
