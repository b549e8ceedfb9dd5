import type { ContactEvent } from '../../libs/domain/contact/events.js';
import { begun, revised, type Change } from '../../libs/domain/in-force.js';
import type { LeadEvent } from '../../libs/domain/lead/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import { projection } from '../../libs/kernel/projection.js';
import { leadDuplicatesTables, type LeadDuplicatesTable } from './lead-duplicates.tables.js';
import { matchKeys, type MatchKeys } from './match-keys.js';

interface KnownLead {
  readonly status: 'open' | 'qualified' | 'disqualified' | 'converted';
  readonly capturedAt: Instant;
  readonly source: string;
  readonly ownerId?: string;
  /** Who had it from when on: what is told late takes its place in between. */
  readonly changes: readonly Change<{ readonly ownerId?: string }>[];
  readonly company?: string;
  readonly keys: MatchKeys;
  readonly forgotten?: boolean;
}

/** Forgetting can come before what is to be forgotten: then nothing of it is taken up. */
type LeadState = KnownLead | { readonly status: 'merged' } | { readonly status: 'forgotten' };

type DuplicateEvent = Extract<LeadEvent, { type: 'LeadCaptured' | 'LeadAssigned' | 'LeadQualified' | 'LeadDisqualified' | 'LeadReopened' | 'LeadMerged' | 'LeadConverted' }> | ContactEvent;

const isKnown = (state: LeadState | undefined): state is KnownLead => state !== undefined && 'keys' in state;

function captured({ data, occurredAt }: Recorded<DuplicateEvent> & { type: 'LeadCaptured' }, forgotten: boolean): KnownLead {
  const { source, ownerId, company, contact } = data;
  return { status: 'open', capturedAt: occurredAt, source, ...begun(occurredAt, ownerId ? { ownerId } : {}), ...(company && { company }), keys: forgotten ? {} : matchKeys({ ...contact, company }), ...(forgotten && { forgotten }) };
}

function evolve(state: LeadState | undefined, event: Recorded<DuplicateEvent>): LeadState | undefined {
  if (event.type === 'LeadCaptured') return captured(event, state?.status === 'forgotten');
  if (event.type === 'ContactForgotten' && state === undefined) return { status: 'forgotten' };
  if (!isKnown(state)) return state;
  switch (event.type) {
    case 'ContactForgotten': return { ...state, keys: {}, forgotten: true };
    case 'LeadAssigned': return revised(state, event.occurredAt, { ownerId: event.data.ownerId });
    case 'LeadQualified': return { ...state, status: 'qualified' };
    case 'LeadDisqualified': return { ...state, status: 'disqualified' };
    case 'LeadReopened': return { ...state, status: 'open' };
    case 'LeadConverted': return { ...state, status: 'converted' };
    case 'LeadMerged': return { status: 'merged' };
  }
}

/** Every lead that goes on, by what it is known again by: leads with a key in common may be one and the same. */
export const leadDuplicates = projection<LeadState, DuplicateEvent, LeadDuplicatesTable>({
  name: 'lead_duplicates',
  version: 5,
  tables: leadDuplicatesTables,
  /** Who has a lead is decided by when it was assigned, not by what was told last. */
  revises: ['lead'],
  forgets: { on: 'ContactForgotten', columns: { lead: ['email_key', 'phone_tail_key', 'phone_key', 'company_and_name_key'] } },
  events: ['LeadCaptured', 'LeadAssigned', 'LeadQualified', 'LeadDisqualified', 'LeadReopened', 'LeadMerged', 'LeadConverted', 'ContactForgotten'],
  key: ({ type, data }) => (type === 'ContactForgotten' ? data.contactId : data.leadId),
  evolve,
  rows(state, leadId) {
    if (!isKnown(state)) return {};
    const { status, capturedAt, source, ownerId, company, keys, forgotten = false } = state;
    return {
      lead: [{
        lead_id: leadId, status, captured_at: capturedAt, source, owner_id: ownerId ?? null, company: company ?? null,
        email_key: keys.email ?? null, phone_tail_key: keys.phoneTail ?? null, phone_key: keys.phone ?? null, company_and_name_key: keys.companyAndName ?? null, forgotten,
      }],
    };
  },
});
