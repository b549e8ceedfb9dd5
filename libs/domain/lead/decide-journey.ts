import { accept, refuse, type Decision } from '../../kernel/decider.js';
import { defined } from '../defined.js';
import type { ConvertLead, DisqualifyLead, MergeLead, QualifyLead, ReopenLead } from './commands.js';
import type { LeadEvent } from './events.js';
import type { LeadRefusal } from './refusals.js';
import type { LeadFacts, LiveLead } from './state.js';

type LeadDecision = Decision<LeadEvent, LeadRefusal>;

export function qualify(state: LiveLead, { leadId, note }: QualifyLead): LeadDecision {
  switch (state.status) {
    case 'captured':
    case 'contacted': return accept({ type: 'LeadQualified', data: defined({ leadId, ownerId: state.ownerId, note }) });
    case 'qualified': return accept();
    case 'disqualified': return refuse('lead_disqualified', state.reason);
    case 'converted': return refuse('lead_converted');
  }
}

export function disqualify(state: LiveLead, { leadId, reason, note }: DisqualifyLead): LeadDecision {
  switch (state.status) {
    case 'captured':
    case 'contacted':
    case 'qualified': return accept({ type: 'LeadDisqualified', data: defined({ leadId, ownerId: state.ownerId, reason, note }) });
    case 'disqualified': return state.reason === reason ? accept() : refuse('lead_disqualified', state.reason);
    case 'converted': return refuse('lead_converted');
  }
}

export function reopen(state: LiveLead, { leadId, reason }: ReopenLead): LeadDecision {
  switch (state.status) {
    case 'captured':
    case 'contacted':
    case 'qualified': return accept(); // it is open
    case 'disqualified': return accept({ type: 'LeadReopened', data: { leadId, reason } });
    case 'converted': return refuse('lead_converted');
  }
}

export function merge(state: LiveLead, { leadId, intoLeadId }: MergeLead, { target }: LeadFacts): LeadDecision {
  if (leadId === intoLeadId) return refuse('lead_merge_into_itself');
  // What came of a converted lead hangs on it: it can only be the one that goes on.
  if (state.status === 'converted') return refuse('lead_converted');
  switch (target.status) {
    case 'unknown': return refuse('lead_merge_target_unknown', intoLeadId);
    case 'merged': return refuse('lead_merge_target_merged', `${intoLeadId} into ${target.intoLeadId}`);
    case 'known': return accept({ type: 'LeadMerged', data: { leadId, intoLeadId } });
  }
}

export function convert(state: LiveLead, { leadId, dealId, clientId }: ConvertLead): LeadDecision {
  switch (state.status) {
    case 'captured':
    case 'contacted':
    case 'disqualified': return refuse('lead_not_qualified', state.status);
    case 'qualified': return accept({ type: 'LeadConverted', data: defined({ leadId, ownerId: state.ownerId, dealId, clientId }) });
    case 'converted': return state.dealId === dealId && state.clientId === clientId ? accept() : refuse('lead_converted');
  }
}
