import { accept, refuse, type Decider } from '../../kernel/decider.js';
import { defined } from '../defined.js';
import { asItWas, BEFORE_ALL, begun, revised } from '../in-force.js';
import type { LeadCommand } from './commands.js';
import { assign, capture, recordContact, score } from './decide-care.js';
import { convert, disqualify, merge, qualify, reopen } from './decide-journey.js';
import type { LeadEvent } from './events.js';
import type { LeadRefusal } from './refusals.js';
import type { Lead, LeadFacts } from './state.js';

/** A lead: captured, contacted, qualified, converted; or disqualified, and perhaps taken up again; or merged into another one, for good. */
export const lead: Decider<LeadCommand, Lead, LeadEvent, LeadRefusal, LeadFacts> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    const at = event.occurredAt ?? BEFORE_ALL;
    if (event.type === 'LeadCaptured') return defined({ status: 'captured', capturedAt: event.occurredAt, ...begun(at, defined({ ownerId: event.data.ownerId })) });
    if (event.type === 'LeadMerged') return { status: 'merged', intoLeadId: event.data.intoLeadId };
    if (state.status === 'absent' || state.status === 'merged') return state;
    switch (event.type) {
      case 'LeadAssigned': return revised(state, at, { ownerId: event.data.ownerId });
      case 'LeadContacted': {
        const { channel, memberId } = event.data;
        const contacted = { ...state, lastContact: defined({ channel, memberId, at: event.occurredAt }) };
        return contacted.status === 'captured' ? { ...contacted, status: 'contacted' } : contacted;
      }
      case 'LeadScored': return revised(state, at, { score: event.data.score, model: event.data.model });
      case 'LeadQualified': return { ...state, status: 'qualified' };
      case 'LeadDisqualified': return { ...state, status: 'disqualified', reason: event.data.reason };
      case 'LeadReopened': return { ...state, status: state.lastContact ? 'contacted' : 'captured' };
      case 'LeadConverted': return { ...state, status: 'converted', dealId: event.data.dealId, clientId: event.data.clientId };
    }
  },

  decide(state, command, context) {
    if (command.type === 'CaptureLead') return capture(state, command, context);
    if (state.status === 'absent') return refuse('lead_not_found');
    if (state.status === 'merged') return command.type === 'MergeLead' && command.intoLeadId === state.intoLeadId ? accept() : refuse('lead_merged', `into ${state.intoLeadId}`);
    if (state.capturedAt !== undefined && context.occurredAt < state.capturedAt) return refuse('lead_not_yet_captured', `captured ${state.capturedAt}, said to happen ${context.occurredAt}`);
    const then = asItWas(state, context.occurredAt);
    switch (command.type) {
      case 'AssignLead': return assign(then, command, context);
      case 'RecordContact': return recordContact(then, command, context);
      case 'ScoreLead': return score(then, command);
      case 'QualifyLead': return qualify(then, command);
      case 'DisqualifyLead': return disqualify(then, command);
      case 'ReopenLead': return reopen(then, command);
      case 'MergeLead': return merge(then, command, context.facts);
      case 'ConvertLead': return convert(then, command);
    }
  },
};
