import { context, type Facts } from '../../kernel/context.js';
import { memberAt, type MemberStanding } from '../member/facts.js';
import { settingsAt } from '../policy/facts.js';
import { subjectExists } from '../subject.js';
import { CancelFollowUp, CompleteFollowUp, MarkFollowUpMissed, RescheduleFollowUp, ScheduleFollowUp, type FollowUpCommand } from './commands.js';
import { followUp, followUpRefusals, type FollowUp, type FollowUpFacts } from './decider.js';
import { followUpEvents } from './events.js';

const NOT_ASKED: FollowUpFacts = { owner: { status: 'unknown' } satisfies MemberStanding, subjectExists: false, graceMinutes: 0 };

const facts: Facts<FollowUpCommand, FollowUp, FollowUpFacts> = async (read, command, _, occurredAt) => {
  if (command.type !== 'ScheduleFollowUp') return NOT_ASKED;
  const [owner, exists, settings] = await Promise.all([
    memberAt(read, command.ownerId, occurredAt),
    subjectExists(read, command.subject),
    settingsAt(read, occurredAt),
  ]);
  return { owner, subjectExists: exists, graceMinutes: settings.followUpGraceMinutes };
};

export const followUpContext = context({
  name: 'follow-up',
  category: 'followUp',
  idField: 'followUpId',
  commands: [ScheduleFollowUp, RescheduleFollowUp, CompleteFollowUp, CancelFollowUp, MarkFollowUpMissed],
  events: followUpEvents,
  refusals: followUpRefusals,
  decider: followUp,
  facts,
});
