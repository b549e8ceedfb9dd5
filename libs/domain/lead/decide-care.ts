import { accept, refuse, type Decision, type DecisionContext } from '../../kernel/decider.js';
import { actingMemberProblem } from '../acting-member.js';
import { defined } from '../defined.js';
import { ownerProblem } from '../member/facts.js';
import type { AssignLead, CaptureLead, RecordContact, ScoreLead } from './commands.js';
import type { LeadEvent } from './events.js';
import type { LeadRefusal } from './refusals.js';
import type { Lead, LeadFacts, LiveLead } from './state.js';

type LeadDecision = Decision<LeadEvent, LeadRefusal>;

export function capture(state: Lead, command: CaptureLead, { occurredAt, facts }: DecisionContext<LeadFacts>): LeadDecision {
  if (state.status !== 'absent') return refuse('lead_already_exists');
  const { leadId, source, contactName, contactEmail, contactPhone, company, region, segment, product, campaignId, ownerId, note } = command;
  if (!contactName && !contactEmail && !contactPhone && !company) return refuse('lead_needs_a_contact');
  const problem = ownerId && ownerProblem(facts.member, occurredAt);
  if (problem) return refuse(problem, ownerId);
  const contact = defined({ name: contactName, email: contactEmail, phone: contactPhone });
  return accept({ type: 'LeadCaptured', data: defined({ leadId, source, contact, company, region, segment, product, campaignId, ownerId, note }) });
}

export function assign(state: LiveLead, { leadId, ownerId, reason }: AssignLead, { occurredAt, facts }: DecisionContext<LeadFacts>): LeadDecision {
  if (state.status === 'disqualified') return refuse('lead_disqualified', state.reason);
  if (state.status === 'converted') return refuse('lead_converted');
  if (state.ownerId === ownerId) return accept();
  const problem = ownerProblem(facts.member, occurredAt);
  if (problem) return refuse(problem, ownerId);
  return accept({ type: 'LeadAssigned', data: defined({ leadId, ownerId, from: state.ownerId, reason }) });
}

/** Being in touch is a fact at any stage, also with a lead that is disqualified or converted. */
export function recordContact(state: LiveLead, command: RecordContact, { occurredAt, facts }: DecisionContext<LeadFacts>): LeadDecision {
  const { leadId, memberId, channel, direction, automated = false, note } = command;
  const last = state.lastContact;
  if (last && last.channel === channel && last.memberId === memberId && last.at === occurredAt) return accept();
  const problem = actingMemberProblem(facts.member, occurredAt);
  if (problem) return refuse(problem, memberId);
  return accept({ type: 'LeadContacted', data: defined({ leadId, memberId, channel, direction, automated, note }) });
}

export function score(state: LiveLead, { leadId, score: points, model }: ScoreLead): LeadDecision {
  if (state.score === points && state.model === model) return accept();
  return accept({ type: 'LeadScored', data: defined({ leadId, score: points, model }) });
}
