import { context, type Facts } from '../../kernel/context.js';
import { memberStanding, memberStream, type MemberStanding } from '../member/facts.js';
import { subjectExists } from '../subject.js';
import { CancelMeeting, HoldMeeting, MarkNoShow, RescheduleMeeting, ScheduleMeeting, type MeetingCommand } from './commands.js';
import { meeting, meetingRefusals, type Meeting, type MeetingFacts } from './decider.js';
import { meetingEvents } from './events.js';

const NOT_ASKED: MeetingFacts = { owner: { status: 'unknown' }, attendees: new Map<string, MemberStanding>(), subjectExists: false };

const facts: Facts<MeetingCommand, Meeting, MeetingFacts> = async (read, command) => {
  if (command.type !== 'ScheduleMeeting') return NOT_ASKED;
  const [owner, attendees, exists] = await Promise.all([
    read.fold(memberStream(command.ownerId), memberStanding),
    Promise.all((command.attendeeIds ?? []).map(async (id) => [id, await read.fold(memberStream(id), memberStanding)] as const)),
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
