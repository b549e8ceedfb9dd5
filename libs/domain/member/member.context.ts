import { context, type Facts } from '../../kernel/context.js';
import { AddMember, ChangeRole, MoveToTeam, OffboardMember, RecordAbsence, SetCapacity, SetWorkCalendar, type MemberCommand } from './commands.js';
import { member, memberRefusals, type Member, type MemberFacts } from './decider.js';
import { memberEvents } from './events.js';
import { memberAt } from './facts.js';

const facts: Facts<MemberCommand, Member, MemberFacts> = async (read, command, _, occurredAt) => {
  const managerId = command.type === 'AddMember' || command.type === 'MoveToTeam' ? command.managerId : undefined;
  return { manager: managerId === undefined ? { status: 'unknown' } : await memberAt(read, managerId, occurredAt) };
};

export const memberContext = context({
  name: 'member',
  category: 'member',
  idField: 'memberId',
  commands: [AddMember, ChangeRole, MoveToTeam, SetWorkCalendar, SetCapacity, RecordAbsence, OffboardMember],
  events: memberEvents,
  refusals: memberRefusals,
  decider: member,
  facts,
});
