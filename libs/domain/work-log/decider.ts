import { accept, refuse, type Decider } from '../../kernel/decider.js';
import type { Instant, LocalDate } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { plusMinutes } from '../../kernel/time.js';
import { actingMemberProblem, actingMemberRefusals, type ActingMemberRefusal } from '../acting-member.js';
import { defined } from '../defined.js';
import type { MemberStanding } from '../member/facts.js';
import type { WorkLogCommand } from './commands.js';
import type { Work, WorkLogEvent } from './events.js';

/** One entry of a member's work log. The note is not kept: it may be forgotten. */
export type WorkLog = { readonly status: 'absent' } | { readonly status: 'logged'; readonly memberId: string; readonly work: Work };

/** Read only when work is logged. */
export interface WorkLogFacts {
  readonly member: MemberStanding;
}

export type WorkLogRefusal = 'work_log_not_found' | 'work_log_already_exists' | 'work_log_in_future' | ActingMemberRefusal;

export const workLogRefusals: RefusalCatalog<WorkLogRefusal> = {
  work_log_not_found: { kind: 'not_found', title: 'No work log entry has this id.' },
  work_log_already_exists: { kind: 'conflict', title: 'A work log entry with this id was already made.' },
  work_log_in_future: { kind: 'invalid', title: 'Work cannot be logged for a day that has begun nowhere yet.' },
  ...actingMemberRefusals,
};

/** The first zone to begin a day is 14 hours ahead. */
const ZONE_AHEAD_MINUTES_MAX = 14 * 60;
const DAY_LENGTH = '2026-03-01'.length;
const latestDayAt = (at: Instant): LocalDate => plusMinutes(at, ZONE_AHEAD_MINUTES_MAX).slice(0, DAY_LENGTH);

/** An entry of a work log: made once, and put right as often as it takes. */
export const workLog: Decider<WorkLogCommand, WorkLog, WorkLogEvent, WorkLogRefusal, WorkLogFacts> = {
  initial: { status: 'absent' },

  evolve(_, event) {
    const { memberId, category, minutes, on } = event.data;
    return { status: 'logged', memberId, work: { category, minutes, on } };
  },

  decide(state, command, { now, occurredAt, facts }) {
    const { workLogId } = command;
    switch (command.type) {
      case 'LogWork': {
        if (state.status !== 'absent') return refuse('work_log_already_exists');
        const { memberId, category, minutes, on, automated = false, note } = command;
        const problem = actingMemberProblem(facts.member, occurredAt);
        if (problem) return refuse(problem, memberId);
        if (on > latestDayAt(now)) return refuse('work_log_in_future', on);
        return accept({ type: 'WorkLogged', data: defined({ workLogId, memberId, category, minutes, on, automated, note }) });
      }
      case 'CorrectWork': {
        if (state.status === 'absent') return refuse('work_log_not_found');
        const { memberId, work: from } = state;
        const { category = from.category, minutes = from.minutes, on = from.on, reason } = command;
        if (category === from.category && minutes === from.minutes && on === from.on) return accept();
        if (on > latestDayAt(now)) return refuse('work_log_in_future', on);
        return accept({ type: 'WorkCorrected', data: { workLogId, memberId, category, minutes, on, from, reason } });
      }
    }
  },
};
