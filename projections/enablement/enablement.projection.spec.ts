import { describe, it } from '@jest/globals';
import { projectionSpec } from '../../libs/testing/projection-spec.js';
import { enablement } from './enablement.projection.js';

const { given } = projectionSpec(enablement);
const at = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T09:00:00.000Z`;
const assigned = { type: 'TrainingAssigned', data: { trainingId: 't1', memberId: 'ada', course: 'Objections', dueOn: '2026-01-31' }, occurredAt: at(2) } as const;
const certified = { type: 'CertificationRecorded', data: { certificationId: 'k1', memberId: 'ada', certificate: 'Crane', issuedOn: '2025-01-10', expiresOn: '2026-01-10' } } as const;
const expired = { type: 'CertificateExpired', data: { certificationId: 'k1', memberId: 'ada', certificate: 'Crane', expiresOn: '2026-01-10' } } as const;
const opened = { type: 'DealOpened', data: { dealId: 'd1', name: 'Crates', ownerId: 'ada', pipelineId: 'p', stage: 's', value: { amountMinor: 1, currency: 'EUR' }, leadId: 'l1' } } as const;
const won = { type: 'DealClosed', data: { dealId: 'd1', outcome: 'won', value: { amountMinor: 1, currency: 'EUR' }, ownerId: 'ada', stage: 's' }, occurredAt: at(5) } as const;

describe('a training', () => {
  it('is open, then taken with its result', () => {
    given(assigned).thenRows('training', { training_id: 't1', member_id: 'ada', course: 'Objections', assigned_at: at(2), due_on: '2026-01-31', completed_at: null, score_percent: null });
    given(assigned, { type: 'TrainingCompleted', data: { trainingId: 't1', memberId: 'ada', course: 'Objections', scorePercent: 0 }, occurredAt: at(8) }).thenRows('training', { completed_at: at(8), score_percent: 0 });
  });
});

describe('a certificate', () => {
  it('expires, and is valid again once renewed', () => {
    given(certified).thenRows('certificate', { certification_id: 'k1', member_id: 'ada', certificate: 'Crane', issued_on: '2025-01-10', expires_on: '2026-01-10', expired: false });
    given(certified, expired).thenRows('certificate', { expired: true });
    given(certified, expired, { type: 'CertificationRecorded', data: { ...certified.data, issuedOn: '2026-01-20', expiresOn: '2027-01-20' } }).thenRows('certificate', { expired: false, expires_on: '2027-01-20' });
  });
});

describe('material', () => {
  it('is there in its last edition', () => {
    const published = { type: 'MaterialPublished', data: { materialId: 'm1', title: 'Fleet', kind: 'deck', edition: '1' } } as const;
    given(published, { type: 'MaterialPublished', data: { ...published.data, edition: '2', product: 'fleet' } }).thenRows('material', { material_id: 'm1', title: 'Fleet', material_kind: 'deck', edition: '2', product: 'fleet' });
  });
  it('is counted each time it is shown', () => {
    const shared = { type: 'MaterialShared', data: { materialId: 'm1', subject: { kind: 'deal', id: 'd1' }, memberId: 'ada' }, occurredAt: at(3) } as const;
    given(shared, { ...shared, occurredAt: at(4) }).thenRows('share', { subject_kind: 'deal', subject_id: 'd1', nth: 1, material_id: 'm1', shared_at: at(3) }, { subject_kind: 'deal', subject_id: 'd1', nth: 2, material_id: 'm1', shared_at: at(4) });
  });
});

describe('a deal that material is used on', () => {
  it('is open, won, and open again', () => {
    given(opened).thenRows('deal', { deal_id: 'd1', lead_id: 'l1', status: 'open', closed_at: null });
    given(opened, won).thenRows('deal', { status: 'won', closed_at: at(5) });
    given(opened, won, { type: 'DealReopened', data: { ...won.data, reason: 'no' } }).thenRows('deal', { status: 'open', closed_at: null, lead_id: 'l1' });
  });
});

describe('a member', () => {
  const added = { type: 'MemberAdded', data: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'UTC' } } as const;
  it('moves, and leaves', () => {
    given(added).thenRows('member', { member_id: 'ada', team_id: null, left_at: null });
    given(added, { type: 'MemberMovedToTeam', data: { memberId: 'ada', teamId: 'north' } }, { type: 'MemberOffboarded', data: { memberId: 'ada', leftAt: at(9) } }).thenRows('member', { team_id: 'north', left_at: at(9) });
  });
});
