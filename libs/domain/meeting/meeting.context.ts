import { context, type Facts } from '../../kernel/context.js';
import { memberAt, type MemberStanding } from '../member/facts.js';
import { subjectExists } from '../subject.js';
import { CancelMeeting, HoldMeeting, MarkNoShow, RescheduleMeeting, ScheduleMeeting, type MeetingCommand } from './commands.js';
import { meeting, meetingRefusals, type Meeting, type MeetingFacts } from './decider.js';
import { meetingEvents } from './events.js';

const NOT_ASKED: MeetingFacts = { owner: { status: 'unknown' }, attendees: new Map<string, MemberStanding>(), subjectExists: false };

const facts: Facts<MeetingCommand, Meeting, MeetingFacts> = async (read, command, _, occurredAt) => {
  if (command.type !== 'ScheduleMeeting') return NOT_ASKED;
  const [owner, attendees, exists] = await Promise.all([
    memberAt(read, command.ownerId, occurredAt),
    Promise.all((command.attendeeIds ?? []).map(async (id) => [id, await memberAt(read, id, occurredAt)] as const)),
    subjectExists(read, command.subject),
  ]);
  return { owner, attendees: new Map(attendees), subjectExists: exists };
};

export const meetingContext = context({
  name: 'meeting',
  category: 'meeting',
  idField: 'meetingId',
  commands: [ScheduleMeeting, RescheduleMeeting, HoldMeeting, CancelMeeting, MarkNoShow],
  events: meetingEvents,
  refusals: meetingRefusals,
  decider: meeting,
  facts,
});
