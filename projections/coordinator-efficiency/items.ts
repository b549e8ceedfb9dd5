import type { ContractEvent } from '../../libs/domain/contract/events.js';
import type { FollowUpEvent } from '../../libs/domain/follow-up/events.js';
import type { MeetingEvent } from '../../libs/domain/meeting/events.js';
import type { SubjectRef } from '../../libs/domain/subject.js';
import type { TaskEvent } from '../../libs/domain/task/events.js';
import type { WorkLogEvent } from '../../libs/domain/work-log/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Rows } from '../../libs/kernel/projection.js';
import { plusMinutes } from '../../libs/kernel/time.js';
import type { EfficiencyTable } from './coordinator-efficiency.tables.js';
import { ended, heldBy, holderAt, holdingRows, type Holding } from './holdings.js';
import { belongsTo } from './subjects.js';

type ItemRows = Rows<EfficiencyTable>;
const subjectCells = (subject: SubjectRef | undefined) => ({ subject_kind: subject?.kind ?? null, subject_id: subject?.id ?? null });

export interface FollowUp {
  readonly kind: 'follow_up';
  readonly ownerId: string;
  readonly subject: SubjectRef;
  readonly scheduledAt: Instant;
  /** The due times that were missed before another was set, and the present one. */
  readonly dues: readonly { readonly dueAt: Instant; readonly missedAt: Instant }[];
  readonly completedAt?: Instant;
  readonly cancelledAt?: Instant;
}

export function evolveFollowUp(state: FollowUp | undefined, event: Recorded<FollowUpEvent>): FollowUp | undefined {
  const at = event.occurredAt;
  if (event.type === 'FollowUpScheduled') {
    const { ownerId, subject, dueAt, graceMinutes } = event.data;
    return state ?? { kind: 'follow_up', ownerId, subject, scheduledAt: at, dues: [{ dueAt, missedAt: plusMinutes(dueAt, graceMinutes) }] };
  }
  if (!state) return undefined;
  switch (event.type) {
    case 'FollowUpRescheduled': {
      const { dueAt, graceMinutes } = event.data;
      const missed = state.dues.filter(({ missedAt }, index) => index < state.dues.length - 1 || at >= missedAt);
      return { ...state, dues: [...missed, { dueAt, missedAt: plusMinutes(dueAt, graceMinutes) }] };
    }
    case 'FollowUpCompleted': return { ...state, completedAt: at };
    case 'FollowUpCancelled': return { ...state, cancelledAt: at };
    // Whether it was missed follows from its dates: a completion told late may still have been in time.
    case 'FollowUpMissed': return state;
  }
}

export function followUpRows(state: FollowUp, id: string): ItemRows {
  const { ownerId, subject, scheduledAt, dues, completedAt, cancelledAt } = state;
  const open = heldBy([], ownerId, scheduledAt);
  const closedAt = completedAt ?? cancelledAt;
  return {
    follow_up: dues.map(({ dueAt, missedAt }, index) => {
      const last = index === dues.length - 1;
      return {
        follow_up_id: id, due: index + 1, owner_id: ownerId, ...subjectCells(subject), scheduled_at: scheduledAt, due_at: dueAt, missed_at: missedAt,
        completed_at: last ? (completedAt ?? null) : null, cancelled_at: last ? (cancelledAt ?? null) : null,
      };
    }),
    holding: holdingRows('follow_up', id, closedAt === undefined ? open : ended(open, closedAt)),
  };
}

export interface Meeting {
  readonly kind: 'meeting';
  readonly ownerId: string;
  readonly subject: SubjectRef;
  readonly scheduledAt: Instant;
  readonly startsAt: Instant;
  readonly outcome: 'scheduled' | 'held' | 'missed' | 'cancelled';
  readonly endedAt?: Instant;
  readonly reschedules: number;
}

export function evolveMeeting(state: Meeting | undefined, event: Recorded<MeetingEvent>): Meeting | undefined {
  const at = event.occurredAt;
  if (event.type === 'MeetingScheduled') {
    const { ownerId, subject, startsAt } = event.data;
    return state ?? { kind: 'meeting', ownerId, subject, scheduledAt: at, startsAt, outcome: 'scheduled', reschedules: 0 };
  }
  if (!state) return undefined;
  switch (event.type) {
    case 'MeetingRescheduled': return { ...state, startsAt: event.data.startsAt, reschedules: state.reschedules + 1 };
    case 'MeetingHeld': return { ...state, outcome: 'held', endedAt: at };
    case 'MeetingCancelled': return { ...state, outcome: 'cancelled', endedAt: at };
    case 'MeetingMissed': return { ...state, outcome: 'missed', endedAt: at };
  }
}

export function meetingRows({ ownerId, subject, scheduledAt, startsAt, outcome, endedAt, reschedules }: Meeting, id: string): ItemRows {
  const open = heldBy([], ownerId, scheduledAt);
  return {
    meeting: [{ meeting_id: id, owner_id: ownerId, ...subjectCells(subject), starts_at: startsAt, outcome, ended_at: endedAt ?? null, reschedules }],
    holding: holdingRows('meeting', id, endedAt === undefined ? open : ended(open, endedAt)),
  };
}

export interface Contract {
  readonly kind: 'contract';
  readonly dealId: string;
  readonly ownerId: string;
  readonly draftedAt: Instant;
  readonly dueAt: Instant;
  readonly sentAt?: Instant;
  readonly signedAt?: Instant;
  readonly voidedAt?: Instant;
}

export function evolveContract(state: Contract | undefined, event: Recorded<ContractEvent>): Contract | undefined {
  const at = event.occurredAt;
  if (event.type === 'ContractDrafted') {
    const { dealId, ownerId, dueAt } = event.data;
    return state ?? { kind: 'contract', dealId, ownerId, draftedAt: at, dueAt };
  }
  if (!state) return undefined;
  switch (event.type) {
    case 'ContractSent': return { ...state, sentAt: at };
    case 'ContractSigned': return { ...state, signedAt: at };
    case 'ContractVoided': return { ...state, voidedAt: at };
    // Whether it was in time follows from its dates.
    case 'ContractDeadlineMissed': return state;
  }
}

export function contractRows({ dealId, ownerId, draftedAt, dueAt, sentAt, signedAt, voidedAt }: Contract, id: string): ItemRows {
  const open = heldBy([], ownerId, draftedAt);
  const closedAt = signedAt ?? voidedAt;
  return {
    contract: [{ contract_id: id, deal_id: dealId, owner_id: ownerId, drafted_at: draftedAt, due_at: dueAt, sent_at: sentAt ?? null, signed_at: signedAt ?? null, voided_at: voidedAt ?? null }],
    subject: [belongsTo('contract', id, { kind: 'deal', id: dealId })],
    holding: holdingRows('contract', id, closedAt === undefined ? open : ended(open, closedAt)),
  };
}

export interface Task {
  readonly kind: 'task';
  readonly subject?: SubjectRef;
  readonly allocatedAt: Instant;
  readonly dueAt: Instant;
  readonly weight: number;
  readonly holdings: readonly Holding[];
  readonly completedAt?: Instant;
  readonly cancelledAt?: Instant;
  readonly spentMinutes?: number;
}

export function evolveTask(state: Task | undefined, event: Recorded<TaskEvent>): Task | undefined {
  const at = event.occurredAt;
  if (event.type === 'TaskAllocated') {
    const { ownerId, subject, dueAt, weight = 1 } = event.data;
    return state ?? { kind: 'task', allocatedAt: at, dueAt, weight, holdings: heldBy([], ownerId, at), ...(subject && { subject }) };
  }
  if (!state) return undefined;
  switch (event.type) {
    case 'TaskReassigned': return { ...state, holdings: heldBy(state.holdings, event.data.ownerId, at) };
    case 'TaskCompleted': return { ...state, completedAt: at, holdings: ended(state.holdings, at), ...(event.data.spentMinutes !== undefined && { spentMinutes: event.data.spentMinutes }) };
    case 'TaskCancelled': return { ...state, cancelledAt: at, holdings: ended(state.holdings, at) };
    // Whether it was in time follows from its dates.
    case 'TaskOverdue': return state;
  }
}

export function taskRows(task: Task, id: string): ItemRows {
  const { subject, allocatedAt, dueAt, weight, holdings, completedAt, cancelledAt, spentMinutes } = task;
  const present = holdings.at(-1)!.memberId; // a task is allocated to someone
  const decidedAt = completedAt !== undefined && completedAt < dueAt ? completedAt : dueAt;
  return {
    task: [{
      task_id: id, owner_id: holderAt(holdings, decidedAt) ?? present, present_owner_id: present, ...subjectCells(subject), allocated_at: allocatedAt, due_at: dueAt,
      completed_at: completedAt ?? null, cancelled_at: cancelledAt ?? null, spent_minutes: spentMinutes ?? null,
    }],
    holding: holdingRows('task', id, holdings, { weight }),
  };
}

export interface WorkEntry {
  readonly kind: 'work';
  readonly memberId: string;
  readonly category: string;
  readonly minutes: number;
  readonly on: string;
  readonly automated: boolean;
  readonly loggedAt: Instant;
}

export function evolveWork(state: WorkEntry | undefined, { type, data, occurredAt }: Recorded<WorkLogEvent>): WorkEntry | undefined {
  const { memberId, category, minutes, on } = data;
  if (type === 'WorkLogged') return state ?? { kind: 'work', memberId, category, minutes, on, automated: data.automated, loggedAt: occurredAt };
  return state && { ...state, category, minutes, on };
}

export const workRows = ({ memberId, category, minutes, on, automated, loggedAt }: WorkEntry, id: string): ItemRows =>
  ({ work: [{ work_log_id: id, member_id: memberId, category, minutes, worked_on: on, automated, logged_at: loggedAt }] });
