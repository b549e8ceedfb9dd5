import type { ContractEvent } from '../../libs/domain/contract/events.js';
import type { FollowUpEvent } from '../../libs/domain/follow-up/events.js';
import type { MeetingEvent } from '../../libs/domain/meeting/events.js';
import { begun as ownedFrom, revised, type Change } from '../../libs/domain/in-force.js';
import type { SubjectRef } from '../../libs/domain/subject.js';
import type { TaskEvent } from '../../libs/domain/task/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import type { AgendaKind, AgendaTable } from './agenda.tables.js';

/** Something to be done, while it is not done. */
export interface PlannedWork {
  readonly kind: Extract<AgendaKind, 'follow_up' | 'task' | 'meeting' | 'contract'>;
  readonly ownerId: string;
  /** Of a task, who had it from when on: what is told late takes its place in between. */
  readonly changes: readonly Change<{ readonly ownerId: string }>[];
  readonly attendeeIds?: readonly string[];
  readonly dueAt: Instant;
  readonly endsAt?: Instant;
  readonly title: string;
  readonly detail?: string;
  readonly subject?: SubjectRef;
  readonly sentAt?: Instant;
  readonly missed: boolean;
  /** Done or dropped: nothing is due any more. Kept of contracts alone, since other work may be about them. */
  readonly over?: true;
}

export type PlannedWorkEvent = FollowUpEvent | TaskEvent | MeetingEvent | ContractEvent;

const TITLE_LENGTH_MAX = 120;

/** A title short enough for a list. */
export const short = (text: string): string => (text.length <= TITLE_LENGTH_MAX ? text : `${[...text].slice(0, TITLE_LENGTH_MAX - 1).join('')}…`);

function begun(event: Recorded<PlannedWorkEvent>): PlannedWork | undefined {
  switch (event.type) {
    case 'FollowUpScheduled': {
      const { ownerId, dueAt, subject, channel, note } = event.data;
      return { kind: 'follow_up', ownerId, changes: [], dueAt, subject, title: short(note ?? 'Follow up'), missed: false, ...(channel && { detail: channel }) };
    }
    case 'TaskAllocated': {
      const { ownerId, dueAt, subject, title, note } = event.data;
      return { kind: 'task', ...ownedFrom(event.occurredAt, { ownerId }), dueAt, title: short(title), missed: false, ...(subject && { subject }), ...(note && { detail: short(note) }) };
    }
    case 'MeetingScheduled': {
      const { ownerId, attendeeIds, startsAt, endsAt, subject, title, location } = event.data;
      return { kind: 'meeting', ownerId, changes: [], attendeeIds, dueAt: startsAt, endsAt, subject, title: short(title), missed: false, ...(location && { detail: short(location) }) };
    }
    case 'ContractDrafted': {
      const { ownerId, dueAt, dealId, title } = event.data;
      return { kind: 'contract', ownerId, changes: [], dueAt, subject: { kind: 'deal', id: dealId }, title: short(title ?? 'Contract to be signed'), missed: false };
    }
    default: return undefined;
  }
}

/** The work after the event; undefined once it is done or cancelled, but for contracts. What is missed can still be done: it stays. */
export function evolveWork(work: PlannedWork | undefined, event: Recorded<PlannedWorkEvent>): PlannedWork | undefined {
  if (!work) return begun(event);
  switch (event.type) {
    case 'FollowUpRescheduled': return { ...work, dueAt: event.data.dueAt, missed: false };
    case 'MeetingRescheduled': return { ...work, dueAt: event.data.startsAt, endsAt: event.data.endsAt };
    case 'TaskReassigned': return revised(work, event.occurredAt, { ownerId: event.data.ownerId });
    case 'ContractSent': return { ...work, sentAt: event.occurredAt };
    case 'FollowUpMissed': case 'TaskOverdue': case 'ContractDeadlineMissed': return { ...work, missed: true };
    case 'FollowUpCompleted': case 'FollowUpCancelled': case 'TaskCompleted': case 'TaskCancelled': case 'MeetingHeld': case 'MeetingCancelled': case 'MeetingMissed': return undefined;
    case 'ContractSigned': case 'ContractVoided': return { ...work, over: true };
    case 'FollowUpScheduled': case 'TaskAllocated': case 'MeetingScheduled': case 'ContractDrafted': return work;
  }
}

/** Columns that are null for most kinds. */
export const NO_MORE: Row = { ends_at: null, detail: null, subject_kind: null, subject_id: null, deal_id: null, waiting_on: 'us', waiting_since: null, part: '', takes_part_as: 'owner' };

export const aboutColumns = (subject: SubjectRef | undefined): Row => ({ subject_kind: subject?.kind ?? null, subject_id: subject?.id ?? null, deal_id: subject?.kind === 'deal' ? subject.id : null });

export function workRows(work: PlannedWork, id: string): Rows<AgendaTable> {
  const { kind, ownerId, attendeeIds = [], dueAt, endsAt, title, detail, subject, sentAt, missed, over } = work;
  const common: Row = {
    ...NO_MORE, ...aboutColumns(subject), kind, item_id: id, due_at: dueAt, ends_at: endsAt ?? null, title, detail: detail ?? null, missed,
    waiting_on: sentAt === undefined ? 'us' : 'them', waiting_since: sentAt ?? null,
  };
  const attendees = attendeeIds.filter((member) => member !== ownerId);
  return {
    item: over ? [] : [{ ...common, member_id: ownerId }, ...attendees.map((member): Row => ({ ...common, member_id: member, takes_part_as: 'attendee' }))],
    subject: kind === 'contract' ? [{ subject_kind: 'contract', subject_id: id, title, owner_id: ownerId, deal_id: subject?.id ?? null }] : [],
  };
}
