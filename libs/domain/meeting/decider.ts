import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { BEFORE_ALL } from '../in-force.js';
import { ownerProblem, type MemberStanding } from '../member/facts.js';
import type { MeetingCommand, ScheduleMeeting } from './commands.js';
import type { MeetingEvent } from './events.js';

export type Meeting =
  | { readonly status: 'absent' }
  | { readonly status: 'held' | 'cancelled' | 'missed' }
  | { readonly status: 'scheduled'; readonly startsAt: Instant; readonly endsAt: Instant; /** When these times were agreed. */ readonly agreedAt: Instant };

/** Read only when a meeting is scheduled; the other commands need nothing but its own stream. */
export interface MeetingFacts {
  readonly owner: MemberStanding;
  readonly attendees: ReadonlyMap<string, MemberStanding>;
  readonly subjectExists: boolean;
}

export type MeetingRefusal =
  | 'meeting_not_found' | 'meeting_already_exists' | 'meeting_already_closed' | 'meeting_ends_before_it_starts' | 'meeting_too_long' | 'meeting_not_started' | 'meeting_moved_out_of_order'
  | 'subject_unknown' | 'owner_unknown' | 'owner_offboarded' | 'attendee_unknown' | 'attendee_offboarded';

export const meetingRefusals: RefusalCatalog<MeetingRefusal> = {
  meeting_not_found: { kind: 'not_found', title: 'No meeting has this id.' },
  meeting_already_exists: { kind: 'conflict', title: 'A meeting with this id was already scheduled.' },
  meeting_already_closed: { kind: 'conflict', title: 'The meeting was already held, cancelled or missed.' },
  meeting_ends_before_it_starts: { kind: 'invalid', title: 'A meeting must end after it starts.' },
  meeting_too_long: { kind: 'invalid', title: 'A meeting lasts seven days at most.' },
  meeting_not_started: { kind: 'conflict', title: 'The meeting has not started yet.' },
  meeting_moved_out_of_order: { kind: 'invalid', title: 'A meeting cannot be moved before it was scheduled or last moved; give a later occurredAt.' },
  subject_unknown: { kind: 'invalid', title: 'What the meeting is about is not known.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given as owner.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given as owner will have left.' },
  attendee_unknown: { kind: 'invalid', title: 'No member has one of the ids given as attendees.' },
  attendee_offboarded: { kind: 'invalid', title: 'A member given as attendee will have left.' },
};

const DURATION_MS_MAX = 7 * 86_400_000;

/** A meeting: scheduled, perhaps moved, then held, cancelled or missed by the other side. What came of it is final. */
export const meeting: Decider<MeetingCommand, Meeting, MeetingEvent, MeetingRefusal, MeetingFacts> = {
  initial: { status: 'absent' },

  evolve(_, event) {
    switch (event.type) {
      case 'MeetingScheduled':
      case 'MeetingRescheduled': return { status: 'scheduled', startsAt: event.data.startsAt, endsAt: event.data.endsAt, agreedAt: event.occurredAt ?? BEFORE_ALL };
      case 'MeetingHeld': return { status: 'held' };
      case 'MeetingCancelled': return { status: 'cancelled' };
      case 'MeetingMissed': return { status: 'missed' };
    }
  },

  decide(state, command, { occurredAt, facts }) {
    const { meetingId } = command;
    if (command.type === 'ScheduleMeeting') return state.status === 'absent' ? schedule(command, facts) : refuse('meeting_already_exists');
    if (state.status === 'absent') return refuse('meeting_not_found');
    if (state.status !== 'scheduled') {
      const said = (command.type === 'CancelMeeting' && state.status === 'cancelled') || (command.type === 'MarkNoShow' && state.status === 'missed');
      return said ? accept() : refuse('meeting_already_closed', state.status);
    }
    switch (command.type) {
      case 'RescheduleMeeting': {
        const { startsAt, endsAt, reason } = command;
        if (startsAt === state.startsAt && endsAt === state.endsAt) return accept();
        const problem = spanProblem(command);
        if (problem) return refuse(problem, `${startsAt} to ${endsAt}`);
        if (occurredAt < state.agreedAt) return refuse('meeting_moved_out_of_order', `agreed ${state.agreedAt}, said to happen ${occurredAt}`);
        return accept({ type: 'MeetingRescheduled', data: { meetingId, startsAt, endsAt, from: { startsAt: state.startsAt, endsAt: state.endsAt }, reason } });
      }
      case 'HoldMeeting':
        if (occurredAt < state.startsAt) return refuse('meeting_not_started', `starts ${state.startsAt}`);
        return accept({ type: 'MeetingHeld', data: { meetingId, outcome: command.outcome, ...(command.note && { note: command.note }) } });
      case 'CancelMeeting':
        return accept({ type: 'MeetingCancelled', data: { meetingId, reason: command.reason, by: command.by } });
      case 'MarkNoShow':
        if (occurredAt < state.startsAt) return refuse('meeting_not_started', `starts ${state.startsAt}`);
        return accept({ type: 'MeetingMissed', data: { meetingId, ...(command.note && { note: command.note }) } });
    }
  },
};

function spanProblem({ startsAt, endsAt }: { startsAt: Instant; endsAt: Instant }): 'meeting_ends_before_it_starts' | 'meeting_too_long' | undefined {
  if (endsAt <= startsAt) return 'meeting_ends_before_it_starts';
  return Date.parse(endsAt) - Date.parse(startsAt) > DURATION_MS_MAX ? 'meeting_too_long' : undefined;
}

/** Who takes part must still be there when it starts, not only when it is planned. */
function schedule(command: ScheduleMeeting, { owner, attendees, subjectExists }: MeetingFacts): Decision<MeetingEvent, MeetingRefusal> {
  const { meetingId, subject, title, ownerId, startsAt, endsAt, location } = command;
  const problem = spanProblem(command);
  if (problem) return refuse(problem, `${startsAt} to ${endsAt}`);
  const missing = ownerProblem(owner, startsAt);
  if (missing || owner.status === 'unknown') return refuse(missing ?? 'owner_unknown', ownerId);
  const attendeeIds = (command.attendeeIds ?? []).filter((id) => id !== ownerId);
  for (const id of attendeeIds) {
    const absent = ownerProblem(attendees.get(id) ?? { status: 'unknown' }, startsAt);
    if (absent) return refuse(absent === 'owner_unknown' ? 'attendee_unknown' : 'attendee_offboarded', id);
  }
  if (!subjectExists) return refuse('subject_unknown', `${subject.kind} ${subject.id}`);
  return accept({ type: 'MeetingScheduled', data: { meetingId, subject, title, ownerId, attendeeIds, startsAt, endsAt, zone: command.zone ?? owner.zone, ...(location && { location }) } });
}
