import type { TableSpec } from '../../libs/kernel/projection.js';
import { at, day, flag, maybe, maybeAt, maybeWhole, text, whole } from './columns.js';

const subject = { subject_kind: maybe('What it is about: lead, deal, client, case or contract.'), subject_id: maybe('Id of what it is about.') };
const bySubject = { columns: ['subject_id', 'subject_kind'] };

const lead: TableSpec = {
  comment: 'A lead and its first human contact. A duplicate that was merged away before anybody was in touch has no row.',
  key: ['lead_id'],
  columns: {
    lead_id: text('The lead.'),
    captured_at: at('When it was captured.'),
    contacted_at: maybeAt('First contact in which a person of ours took part; empty: never contacted.'),
    contacted_by: maybe('Who that was.'),
    owner_id: maybe('Who owned it at that contact; the present owner while there was none.'),
    present_owner_id: maybe('Who owns it now.'),
  },
  indexes: [{ columns: ['captured_at'] }],
};

const followUp: TableSpec = {
  comment: 'One due time of a follow-up. Moving it before it is missed moves its due time; moving it afterwards leaves the miss and sets another due time.',
  key: ['follow_up_id', 'due'],
  columns: {
    follow_up_id: text('The follow-up.'),
    due: whole('Running number of the due time, from 1.'),
    owner_id: text('Who was to do it.'),
    ...subject,
    scheduled_at: at('When it was planned.'),
    due_at: at('When it was due.'),
    missed_at: at('due_at and its grace: not done by then, it is missed.'),
    completed_at: maybeAt('When it was done.'),
    cancelled_at: maybeAt('When it was cancelled.'),
  },
  indexes: [{ columns: ['due_at'] }, bySubject],
};

const meeting: TableSpec = {
  comment: 'A meeting, with what came of it.',
  key: ['meeting_id'],
  columns: {
    meeting_id: text('The meeting.'),
    owner_id: text('Who holds it.'),
    ...subject,
    starts_at: at('When it starts, as last agreed.'),
    outcome: text('scheduled, held, missed (a no-show) or cancelled.'),
    ended_at: maybeAt('When it was held, missed or cancelled.'),
    reschedules: whole('How often it was moved.'),
  },
  indexes: [{ columns: ['starts_at'] }, bySubject],
};

const contract: TableSpec = {
  comment: 'A contract on its way to a signature.',
  key: ['contract_id'],
  columns: {
    contract_id: text('The contract.'),
    deal_id: text('The deal it is for.'),
    owner_id: text('Who sees to it.'),
    drafted_at: at('When it was drafted.'),
    due_at: at('When it was to be signed by.'),
    sent_at: maybeAt('When it went to the client.'),
    signed_at: maybeAt('When it was signed.'),
    voided_at: maybeAt('When it was given up.'),
  },
  indexes: [{ columns: ['due_at'] }, { columns: ['signed_at'] }, { columns: ['deal_id'] }, { columns: ['drafted_at'], where: 'signed_at IS NULL AND voided_at IS NULL' }],
};

const task: TableSpec = {
  comment: 'A task.',
  key: ['task_id'],
  columns: {
    task_id: text('The task.'),
    owner_id: text('Who had it when it was done or came due, whichever was first.'),
    present_owner_id: text('Who has it now, or had it last.'),
    ...subject,
    allocated_at: at('When it was given out.'),
    due_at: at('When it was due.'),
    completed_at: maybeAt('When it was done.'),
    cancelled_at: maybeAt('When it was cancelled.'),
    spent_minutes: maybeWhole('Minutes it took, as told.'),
  },
  indexes: [{ columns: ['due_at'] }, { columns: ['completed_at'] }, bySubject, { columns: ['allocated_at'], where: 'completed_at IS NULL AND cancelled_at IS NULL' }],
};

const holding: TableSpec = {
  comment: 'One stretch of time in which a member had an open item: what workload and hand-offs are counted from.',
  key: ['item_kind', 'item_id', 'stretch'],
  columns: {
    item_kind: text('lead, deal, follow_up, meeting, task, contract or case.'),
    item_id: text('The item.'),
    stretch: whole('Running number within the item, from 1.'),
    member_id: text('Who had it.'),
    from_member_id: maybe('Who had it before and passed it on.'),
    lead_id: maybe('The lead that a deal came from.'),
    weight: whole('How much it counts as workload.'),
    held_from: at('When it came to the member.'),
    held_until: maybeAt('When it left the member, or was closed.'),
    file: maybeWhole('Files a stretch that has ended, so that those which cover a moment are found at once; empty while it lasts.'),
  },
  indexes: [{ columns: ['held_from'] }, { columns: ['held_from'], where: `item_kind IN ('lead', 'deal')` }, { columns: ['file', 'held_until'] }, { columns: ['held_from', 'member_id', 'weight'], where: 'held_until IS NULL', closed: false }],
};

const subjectTable: TableSpec = {
  comment: 'Where a lead, deal, client, case or contract belongs: what other facts are grouped by.',
  key: ['subject_kind', 'subject_id'],
  columns: {
    subject_kind: text('lead, deal, client, case or contract.'),
    subject_id: text('Its id.'),
    source: maybe('Where it came from.'),
    campaign_id: maybe('The campaign it came by.'),
    pipeline_id: maybe('The pipeline a deal is in.'),
    product: maybe('The product it is about.'),
    region: maybe('Its region.'),
    segment: maybe('Its segment.'),
    of_kind: maybe('A case or contract belongs where this does: lead, deal, client, case or contract.'),
    of_id: maybe('Id of what it is about; empty for all but cases and contracts.'),
  },
};

const closing: TableSpec = {
  comment: 'A closing of a deal that stands; one that was reversed has no row.',
  key: ['deal_id'],
  columns: { deal_id: text('The deal.'), lead_id: maybe('The lead it came from.'), outcome: text('won or lost.'), closed_at: at('When it was closed.'), owner_id: text('Who owned it then.') },
  indexes: [{ columns: ['closed_at'] }],
};

const work: TableSpec = {
  comment: 'An entry of a member’s work log, as last corrected.',
  key: ['work_log_id'],
  columns: {
    work_log_id: text('The entry.'), member_id: text('Whose work.'), category: text('On what.'), minutes: whole('How long; for automated work, the minutes it saved.'),
    worked_on: day('The day, in the member’s calendar.'), automated: flag('A machine did it.'), logged_at: at('When it was said to have happened: decides the member’s role.'),
  },
  indexes: [{ columns: ['worked_on'] }],
};

/** `coordinator_efficiency_<name>` in SQL. */
export const efficiencyTables = { lead, follow_up: followUp, meeting, contract, task, holding, subject: subjectTable, closing, work };
export type EfficiencyTable = keyof typeof efficiencyTables;

const contact: TableSpec = {
  comment: 'One contact with a lead in which a person of ours took part.',
  key: ['contact_id'],
  columns: { contact_id: text('Id of the event.'), lead_id: text('The lead.'), member_id: text('Who was in touch.'), contacted_at: at('When.') },
  indexes: [{ columns: ['lead_id', 'contacted_at'] }],
};

/** `activity_<name>` in SQL. */
export const activityTables = { contact };
