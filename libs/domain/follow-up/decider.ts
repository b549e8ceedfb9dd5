import { accept, refuse, type Decider } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { plusMinutes } from '../../kernel/time.js';
import { BEFORE_ALL } from '../in-force.js';
import { ownerProblem, type MemberStanding } from '../member/facts.js';
import type { FollowUpCommand } from './commands.js';
import type { FollowUpEvent } from './events.js';

export type FollowUp =
  | { readonly status: 'absent' }
  | { readonly status: 'completed' | 'cancelled' }
  | { readonly status: 'planned' | 'missed'; readonly dueAt: Instant; readonly graceMinutes: number; /** When this due time was set. */ readonly plannedAt: Instant };

/** Read only when a follow-up is scheduled; the other commands need nothing but its own stream. */
export interface FollowUpFacts {
  readonly owner: MemberStanding;
  readonly subjectExists: boolean;
  readonly graceMinutes: number;
}

export type FollowUpRefusal =
  | 'follow_up_not_found' | 'follow_up_already_exists' | 'follow_up_already_closed' | 'follow_up_due_in_past' | 'follow_up_moved_out_of_order' | 'follow_up_not_yet_missed'
  | 'subject_unknown' | 'owner_unknown' | 'owner_offboarded';

export const followUpRefusals: RefusalCatalog<FollowUpRefusal> = {
  follow_up_not_found: { kind: 'not_found', title: 'No follow-up has this id.' },
  follow_up_already_exists: { kind: 'conflict', title: 'A follow-up with this id was already scheduled.' },
  follow_up_already_closed: { kind: 'conflict', title: 'The follow-up was already completed or cancelled.' },
  follow_up_due_in_past: { kind: 'invalid', title: 'A follow-up must be due after the moment it is planned.' },
  follow_up_moved_out_of_order: { kind: 'invalid', title: 'A follow-up cannot be moved before it was planned or last moved; give a later occurredAt.' },
  follow_up_not_yet_missed: { kind: 'conflict', title: 'The due time and its grace have not passed yet.' },
  subject_unknown: { kind: 'invalid', title: 'What the follow-up is about is not known.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given as owner.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given as owner has left.' },
};

/** A follow-up: planned, then done, cancelled or missed. A missed one can still be done (late) or planned anew. */
export const followUp: Decider<FollowUpCommand, FollowUp, FollowUpEvent, FollowUpRefusal, FollowUpFacts> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    switch (event.type) {
      case 'FollowUpScheduled':
      case 'FollowUpRescheduled': return { status: 'planned', dueAt: event.data.dueAt, graceMinutes: event.data.graceMinutes, plannedAt: event.occurredAt ?? BEFORE_ALL };
      case 'FollowUpCompleted': return { status: 'completed' };
      case 'FollowUpCancelled': return { status: 'cancelled' };
      case 'FollowUpMissed': return { ...('dueAt' in state ? state : { plannedAt: BEFORE_ALL }), status: 'missed', dueAt: event.data.dueAt, graceMinutes: event.data.graceMinutes };
    }
  },

  decide(state, command, { now, occurredAt, facts }) {
    const { followUpId } = command;
    if (command.type === 'ScheduleFollowUp') {
      if (state.status !== 'absent') return refuse('follow_up_already_exists');
      const problem = ownerProblem(facts.owner, occurredAt);
      if (problem) return refuse(problem, command.ownerId);
      if (!facts.subjectExists) return refuse('subject_unknown', `${command.subject.kind} ${command.subject.id}`);
      if (command.dueAt <= occurredAt) return refuse('follow_up_due_in_past', `due ${command.dueAt}, planned ${occurredAt}`);
      const { subject, ownerId, dueAt, channel, note } = command;
      return accept({ type: 'FollowUpScheduled', data: { followUpId, subject, ownerId, dueAt, graceMinutes: facts.graceMinutes, ...(channel && { channel }), ...(note && { note }) } });
    }
    if (state.status === 'absent') return refuse('follow_up_not_found');
    switch (command.type) {
      case 'RescheduleFollowUp':
        if (!('dueAt' in state)) return refuse('follow_up_already_closed', state.status);
        if (state.status === 'planned' && state.dueAt === command.dueAt) return accept();
        if (command.dueAt <= occurredAt) return refuse('follow_up_due_in_past', `due ${command.dueAt}, planned ${occurredAt}`);
        if (occurredAt < state.plannedAt) return refuse('follow_up_moved_out_of_order', `planned ${state.plannedAt}, said to happen ${occurredAt}`);
        return accept({ type: 'FollowUpRescheduled', data: { followUpId, dueAt: command.dueAt, graceMinutes: state.graceMinutes, reason: command.reason } });
      case 'CompleteFollowUp':
        if (state.status === 'completed' || state.status === 'cancelled') return refuse('follow_up_already_closed', state.status);
        return accept({ type: 'FollowUpCompleted', data: { followUpId, outcome: command.outcome, ...(command.note && { note: command.note }) } });
      case 'CancelFollowUp':
        if (state.status === 'cancelled') return accept();
        if (state.status === 'completed') return refuse('follow_up_already_closed', state.status);
        return accept({ type: 'FollowUpCancelled', data: { followUpId, reason: command.reason } });
      case 'MarkFollowUpMissed':
        // Alarms ring late, early and twice: one counts only for the due time that set it.
        if (state.status !== 'planned' || state.dueAt !== command.dueAt) return accept();
        if (now < plusMinutes(state.dueAt, state.graceMinutes)) return refuse('follow_up_not_yet_missed', `due ${state.dueAt}, grace ${state.graceMinutes} minutes`);
        return accept({ type: 'FollowUpMissed', data: { followUpId, dueAt: state.dueAt, graceMinutes: state.graceMinutes } });
    }
  },
};
