import { streamOf, type StreamFold } from '../../kernel/context.js';
import type { LeadEvent } from './events.js';

/** What other streams may know of a lead; `merged` ends where the other lead goes on. */
export type LeadStanding = { readonly status: 'unknown' | 'known' } | { readonly status: 'merged'; readonly intoLeadId: string };

export const leadStream = (leadId: string): string => streamOf('lead', leadId);

export const leadStanding: StreamFold<LeadStanding, LeadEvent> = {
  initial: { status: 'unknown' },
  evolve: (state, event) => {
    if (event.type === 'LeadMerged') return { status: 'merged', intoLeadId: event.data.intoLeadId };
    return state.status === 'merged' ? state : { status: 'known' };
  },
};
