import { context, type Facts } from '../../kernel/context.js';
import { memberAt } from '../member/facts.js';
import { AssignLead, CaptureLead, ConvertLead, DisqualifyLead, MergeLead, QualifyLead, RecordContact, ReopenLead, ScoreLead, type LeadCommand } from './commands.js';
import { lead } from './decider.js';
import { leadEvents } from './events.js';
import { leadStanding, leadStream } from './facts.js';
import { leadRefusals } from './refusals.js';
import type { Lead, LeadFacts } from './state.js';

const NOT_ASKED: LeadFacts = { member: { status: 'unknown' }, target: { status: 'unknown' } };

/** The member that a command names as owner or as the one who acted. */
function namedMember(command: LeadCommand): string | undefined {
  if (command.type === 'CaptureLead' || command.type === 'AssignLead') return command.ownerId;
  return command.type === 'RecordContact' ? command.memberId : undefined;
}

const facts: Facts<LeadCommand, Lead, LeadFacts> = async (read, command, _, occurredAt) => {
  if (command.type === 'MergeLead') return { ...NOT_ASKED, target: await read.fold(leadStream(command.intoLeadId), leadStanding) };
  const memberId = namedMember(command);
  return memberId === undefined ? NOT_ASKED : { ...NOT_ASKED, member: await memberAt(read, memberId, occurredAt) };
};

export const leadContext = context({
  name: 'lead',
  category: 'lead',
  idField: 'leadId',
  // Two merges that cross, or a chain of them, must see each other.
  guards: (command) => (command.type === 'MergeLead' ? [leadStream(command.intoLeadId)] : []),
  commands: [CaptureLead, AssignLead, RecordContact, ScoreLead, QualifyLead, DisqualifyLead, ReopenLead, MergeLead, ConvertLead],
  events: leadEvents,
  refusals: leadRefusals,
  decider: lead,
  facts,
});
