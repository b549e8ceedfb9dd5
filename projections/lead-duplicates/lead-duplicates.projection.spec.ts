import { describe, it } from '@jest/globals';
import { projectionSpec } from '../../libs/testing/projection-spec.js';
import { leadDuplicates } from './lead-duplicates.projection.js';
import { matchKeys } from './match-keys.js';

const { given } = projectionSpec(leadDuplicates);
const leadId = 'l1';
const captured = { type: 'LeadCaptured', data: { leadId, source: 'fair', contact: { name: 'Bo Lind', email: 'Bo@Vela.example', phone: '+41 44 555 01 02' }, company: 'Vela Marine AG', ownerId: 'ada' } } as const;
const keys = matchKeys({ name: 'bo lind', email: 'bo@vela.example', phone: '0041445550102', company: 'vela marine' });
const known = { email_key: keys.email!, phone_tail_key: keys.phoneTail!, phone_key: keys.phone!, company_and_name_key: keys.companyAndName! };
const unknown = { email_key: null, phone_tail_key: null, phone_key: null, company_and_name_key: null };
const forgotten = { type: 'ContactForgotten', data: { contactId: leadId } } as const;

describe('a lead among possible duplicates', () => {
  it('is known by its address, number, and company and name', () => given(captured).thenRows('lead', { lead_id: leadId, status: 'open', owner_id: 'ada', company: 'Vela Marine AG', ...known }));
  it('is known by nothing where only a company was given', () => given({ type: 'LeadCaptured', data: { leadId, source: 'web', contact: {}, company: 'Vela Marine' } }).thenRows('lead', { lead_id: leadId, owner_id: null, ...unknown }));
  it('follows its owner and its standing', () => {
    const assigned = { type: 'LeadAssigned', data: { leadId, ownerId: 'bob' } } as const;
    given(captured, assigned, { type: 'LeadQualified', data: { leadId } }).thenRows('lead', { status: 'qualified', owner_id: 'bob' });
    given(captured, { type: 'LeadQualified', data: { leadId } }, { type: 'LeadConverted', data: { leadId, dealId: 'd1' } }).thenRows('lead', { status: 'converted' });
    const disqualified = { type: 'LeadDisqualified', data: { leadId, reason: 'spam' } } as const;
    given(captured, disqualified).thenRows('lead', { status: 'disqualified' });
    given(captured, disqualified, { type: 'LeadReopened', data: { leadId, reason: 'no' } }).thenRows('lead', { status: 'open' });
  });
  it('is gone once merged', () => given(captured, { type: 'LeadMerged', data: { leadId, intoLeadId: 'l2' } }).thenRows('lead'));
  it('is known by nothing any more once its person is forgotten', () => given(captured, forgotten).thenRows('lead', { lead_id: leadId, ...unknown }));
  it('was known by nothing before either, once its person is forgotten, merged or not', () => {
    given(captured, forgotten).asOf({ event: 1 }).thenRows('lead', { lead_id: leadId, forgotten: false, ...unknown });
    given(captured, { type: 'LeadMerged', data: { leadId, intoLeadId: 'l2' } }, forgotten).asOf({ event: 1 }).thenRows('lead', { lead_id: leadId, forgotten: false, ...unknown });
  });
  it('is known by nothing where its person was forgotten before', () => given(forgotten, captured).thenRows('lead', { lead_id: leadId, ...unknown }));
  it('is not touched when a member or client is forgotten', () => given(captured, { type: 'ContactForgotten', data: { contactId: 'c1' } }).thenRows('lead', { lead_id: leadId, ...known }));
});
