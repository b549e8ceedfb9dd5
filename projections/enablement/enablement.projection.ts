import type { DealEvent } from '../../libs/domain/deal/events.js';
import type { EnablementEvent, MaterialKind, MaterialSubject } from '../../libs/domain/enablement/events.js';
import type { MemberEvent } from '../../libs/domain/member/events.js';
import type { Instant, LocalDate, Recorded } from '../../libs/kernel/event.js';
import { projection, type Rows } from '../../libs/kernel/projection.js';
import { enablementTables, type EnablementTable } from './enablement.tables.js';

type State =
  | { readonly kind: 'training'; readonly memberId: string; readonly course: string; readonly assignedAt: Instant; readonly dueOn?: LocalDate; readonly completedAt?: Instant; readonly scorePercent?: number }
  | { readonly kind: 'certificate'; readonly memberId: string; readonly certificate: string; readonly issuedOn: LocalDate; readonly expiresOn?: LocalDate; readonly expired: boolean }
  | { readonly kind: 'material'; readonly title: string; readonly materialKind: MaterialKind; readonly edition?: string; readonly product?: string; readonly publishedAt: Instant }
  | { readonly kind: 'shares'; readonly subject: MaterialSubject; readonly shares: readonly { readonly materialId: string; readonly memberId: string; readonly at: Instant }[] }
  | { readonly kind: 'deal'; readonly leadId?: string; readonly status: 'open' | 'won' | 'lost'; readonly closedAt?: Instant }
  | { readonly kind: 'member'; readonly teamId?: string; readonly leftAt?: Instant };

type Event = EnablementEvent | Extract<DealEvent, { type: 'DealOpened' | 'DealClosed' | 'DealReopened' }> | Extract<MemberEvent, { type: 'MemberAdded' | 'MemberMovedToTeam' | 'MemberOffboarded' }>;
type Of<K extends State['kind']> = Extract<State, { kind: K }>;

function keyOf({ type, data }: Recorded<Event>): string {
  switch (type) {
    case 'TrainingAssigned':
    case 'TrainingCompleted': return `training:${data.trainingId}`;
    case 'CertificationRecorded':
    case 'CertificateExpired': return `certificate:${data.certificationId}`;
    case 'MaterialPublished': return `material:${data.materialId}`;
    case 'MaterialShared': return `shares:${data.subject.kind}:${data.subject.id}`;
    case 'DealOpened':
    case 'DealClosed':
    case 'DealReopened': return `deal:${data.dealId}`;
    case 'MemberAdded':
    case 'MemberMovedToTeam':
    case 'MemberOffboarded': return `member:${data.memberId}`;
  }
}

/** What the state is when it is of this kind: the key's first word sees to it that it is. */
const was = <K extends State['kind']>(kind: K, state: State | undefined): Of<K> | undefined => (state?.kind === kind ? (state as Of<K>) : undefined); // its kind was just looked at

function evolve(state: State | undefined, { type, data, occurredAt }: Recorded<Event>): State | undefined {
  switch (type) {
    case 'TrainingAssigned': return { kind: 'training', memberId: data.memberId, course: data.course, assignedAt: occurredAt, ...(data.dueOn && { dueOn: data.dueOn }) };
    case 'TrainingCompleted': {
      const training = was('training', state);
      return training && { ...training, completedAt: occurredAt, ...(data.scorePercent !== undefined && { scorePercent: data.scorePercent }) };
    }
    case 'CertificationRecorded': return { kind: 'certificate', memberId: data.memberId, certificate: data.certificate, issuedOn: data.issuedOn, expired: false, ...(data.expiresOn && { expiresOn: data.expiresOn }) };
    case 'CertificateExpired': {
      const certificate = was('certificate', state);
      return certificate && { ...certificate, expired: true };
    }
    case 'MaterialPublished': {
      const before = was('material', state);
      // Told late, an earlier publication is not the one in force.
      if (before && before.publishedAt > occurredAt) return before;
      return { kind: 'material', title: data.title, materialKind: data.kind, publishedAt: occurredAt, ...(data.edition && { edition: data.edition }), ...(data.product && { product: data.product }) };
    }
    case 'MaterialShared': return { kind: 'shares', subject: data.subject, shares: [...(was('shares', state)?.shares ?? []), { materialId: data.materialId, memberId: data.memberId, at: occurredAt }] };
    case 'DealOpened': return { kind: 'deal', status: 'open', ...(data.leadId && { leadId: data.leadId }) };
    case 'DealClosed': {
      const deal = was('deal', state);
      return deal && { ...deal, status: data.outcome, closedAt: occurredAt };
    }
    case 'DealReopened': {
      const { closedAt: _, ...deal } = was('deal', state) ?? {};
      return 'kind' in deal ? { ...deal, status: 'open' } : undefined;
    }
    case 'MemberAdded': return { kind: 'member', ...(data.teamId && { teamId: data.teamId }) };
    case 'MemberMovedToTeam': {
      const member = was('member', state);
      return member && { ...member, teamId: data.teamId };
    }
    case 'MemberOffboarded': {
      const member = was('member', state);
      return member && { ...member, leftAt: data.leftAt };
    }
  }
}

function rows(state: State, key: string): Rows<EnablementTable> {
  const id = key.slice(key.indexOf(':') + 1);
  switch (state.kind) {
    case 'training': return { training: [{ training_id: id, member_id: state.memberId, course: state.course, assigned_at: state.assignedAt, due_on: state.dueOn ?? null, completed_at: state.completedAt ?? null, score_percent: state.scorePercent ?? null }] };
    case 'certificate': return { certificate: [{ certification_id: id, member_id: state.memberId, certificate: state.certificate, certificate_key: state.certificate.toLowerCase(), issued_on: state.issuedOn, expires_on: state.expiresOn ?? null, expired: state.expired }] };
    case 'material': return { material: [{ material_id: id, title: state.title, material_kind: state.materialKind, edition: state.edition ?? null, product: state.product ?? null, published_at: state.publishedAt }] };
    case 'shares': return { share: state.shares.map(({ materialId, memberId, at }, index) => ({ subject_kind: state.subject.kind, subject_id: state.subject.id, nth: index + 1, material_id: materialId, member_id: memberId, shared_at: at })) };
    case 'deal': return { deal: [{ deal_id: id, lead_id: state.leadId ?? null, status: state.status, closed_at: state.closedAt ?? null }] };
    case 'member': return { member: [{ member_id: id, team_id: state.teamId ?? null, left_at: state.leftAt ?? null }] };
  }
}

/** What members have learned, which certificates they hold, and what material they used on which deals. */
export const enablement = projection<State, Event, EnablementTable>({
  name: 'enablement',
  version: 3,
  tables: enablementTables,
  /** Of two publications of a material the one of later is in force, not the one told last. */
  revises: ['material'],
  events: [
    'TrainingAssigned', 'TrainingCompleted', 'CertificationRecorded', 'CertificateExpired', 'MaterialPublished', 'MaterialShared', 'DealOpened', 'DealClosed', 'DealReopened',
    'MemberAdded', 'MemberMovedToTeam', 'MemberOffboarded',
  ],
  key: keyOf,
  evolve,
  rows,
});
