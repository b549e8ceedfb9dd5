import type { ColumnSpec, TableSpec } from '../../libs/kernel/projection.js';

const text = (comment: string): ColumnSpec => ({ type: 'text', comment });
const maybe = (comment: string): ColumnSpec => ({ type: 'text', comment, nullable: true });
const at = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment });
const maybeAt = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment, nullable: true });

/** What can be due. */
export const AGENDA_KINDS = ['follow_up', 'task', 'meeting', 'contract', 'case_response', 'case_resolution', 'promise', 'renewal'] as const;
export type AgendaKind = (typeof AGENDA_KINDS)[number];

const item: TableSpec = {
  comment: 'What is to be done, one row for each who is to do it, until it is done or cancelled.',
  key: ['kind', 'item_id', 'part', 'member_id'],
  columns: {
    kind: text('follow_up, task, meeting, contract, case_response, case_resolution, promise or renewal.'),
    item_id: text('Id of the follow-up, task, meeting, contract, case or client.'),
    part: text('The promise of a case; empty for all others.'),
    member_id: text('Who is to do it, or takes part.'),
    takes_part_as: text('owner, or attendee of a meeting.'),
    due_at: at('By when; when a meeting starts.'),
    ends_at: maybeAt('When a meeting ends.'),
    title: text('What it is, in a few words.'),
    detail: maybe('How or where: the channel, the place, the promise.'),
    subject_kind: maybe('lead, deal, client, case or contract.'),
    subject_id: maybe('Id of what it is about.'),
    deal_id: maybe('The deal whose roadblocks are in its way.'),
    waiting_on: text('us; or them, while a contract is with the client.'),
    waiting_since: maybeAt('Since when a contract is with the client.'),
    missed: { type: 'boolean', comment: 'Whether the clock has marked it as missed, broken, breached or lapsed.' },
  },
  // Of all that ever was to be done little is at any one moment: as of the past it is read as a whole.
  indexes: [{ columns: ['member_id', 'due_at'], closed: false }, { columns: ['due_at'], closed: false }, { columns: ['subject_kind', 'subject_id'], closed: false }],
  closedByKey: false,
};

const subject: TableSpec = {
  comment: 'What work can be about, by a name that holds no personal data.',
  key: ['subject_kind', 'subject_id'],
  columns: {
    subject_kind: text('lead, deal, client, case or contract.'),
    subject_id: text('Its id.'),
    title: text('Its name, or what stands for it.'),
    owner_id: maybe('Who owns it.'),
    deal_id: maybe('The deal it hangs on.'),
  },
};

const roadblock: TableSpec = {
  comment: 'What stands in the way of a deal.',
  key: ['deal_id', 'roadblock_id'],
  columns: { deal_id: text('The deal.'), roadblock_id: text('Its id.'), cause: text('legal, pricing, technical …'), raised_at: at('When it was raised.') },
};

/** The agenda’s tables; `agenda_<name>` in SQL. */
export const agendaTables = { item, subject, roadblock };
export type AgendaTable = keyof typeof agendaTables;
