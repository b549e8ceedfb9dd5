import type { BonusEvent } from '../../libs/domain/bonus/events.js';
import { placed, type Dated } from '../../libs/domain/in-force.js';
import { DEFAULT_SETTINGS } from '../../libs/domain/policy/facts.js';
import type { PolicyEvent } from '../../libs/domain/policy/events.js';
import type { TargetEvent } from '../../libs/domain/target/events.js';
import type { Recorded } from '../../libs/kernel/event.js';
import { projection, type Rows } from '../../libs/kernel/projection.js';
import { evolvePlan, evolveTarget, planRows, targetRows, type PlanCredit, type TargetCredit } from './aims.js';
import { evolveLead, evolveMeeting, leadRows, meetingRows, type CreditedLeadEvent, type CreditedMeetingEvent, type LeadCredit, type MeetingCredit } from './counted-work.js';
import { dealRows, evolveDeal, type CreditedDealEvent, type DealCredit } from './deal-credit.js';
import { companyRows, evolveCompany, evolveMember, memberRows, type CompanyCredit, type CreditedMemberEvent, type MemberCredit } from './staff.js';
import { targetAttainmentTables, type TargetAttainmentTable } from './target-attainment.tables.js';

/** Chances of the stages of a pipeline, by when they came into force. A stage taken out keeps its last: deals may still be in it. */
interface PipelineCredit {
  readonly kind: 'pipeline';
  readonly chances: readonly (Dated & { readonly of: Readonly<Record<string, number>> })[];
}

export type TargetAttainmentState = DealCredit | MeetingCredit | LeadCredit | MemberCredit | CompanyCredit | PipelineCredit | TargetCredit | PlanCredit;
export type TargetAttainmentEvent = CreditedDealEvent | CreditedMeetingEvent | CreditedLeadEvent | CreditedMemberEvent | PolicyEvent | TargetEvent | BonusEvent;

/** The entity of an event: `deal:4711`. An event of a deal may name its lead, too: the type decides. */
function keyOf({ type, data }: Recorded<TargetAttainmentEvent>): string {
  if (type === 'PipelineDefined') return `pipeline:${data.pipelineId}`;
  if (type === 'PolicySet') return 'company:';
  if ('targetId' in data) return `target:${data.targetId}`;
  if ('planId' in data) return `plan:${data.planId}`;
  if ('meetingId' in data) return `meeting:${data.meetingId}`;
  if ('dealId' in data) return `deal:${data.dealId}`;
  return 'leadId' in data ? `lead:${data.leadId}` : `member:${data.memberId}`;
}

const ofKind = <K extends TargetAttainmentState['kind']>(state: TargetAttainmentState | undefined, kind: K): Extract<TargetAttainmentState, { kind: K }> | undefined =>
  state?.kind === kind ? (state as Extract<TargetAttainmentState, { kind: K }>) : undefined; // its kind was just looked at

function evolve(state: TargetAttainmentState | undefined, event: Recorded<TargetAttainmentEvent>): TargetAttainmentState | undefined {
  switch (event.type) {
    case 'DealOpened': case 'DealStageChanged': case 'DealValueRevised': case 'DealReassigned': case 'DealCreditSplit': case 'DealClosed': case 'DealReopened': return evolveDeal(ofKind(state, 'deal'), event);
    case 'MeetingScheduled': case 'MeetingHeld': return evolveMeeting(ofKind(state, 'meeting'), event);
    case 'LeadCaptured': case 'LeadAssigned': case 'LeadQualified': case 'LeadMerged': return evolveLead(ofKind(state, 'lead'), event);
    case 'MemberAdded': case 'RoleChanged': case 'MemberMovedToTeam': case 'WorkCalendarSet': return evolveMember(ofKind(state, 'member'), event);
    case 'TargetSet': case 'TargetRevised': case 'TargetWithdrawn': return evolveTarget(ofKind(state, 'target'), event);
    case 'BonusPlanDefined': case 'BonusPlanRevised': case 'BonusApproved': return evolvePlan(ofKind(state, 'plan'), event);
    case 'PolicySet': return evolveCompany(ofKind(state, 'company'), event);
    case 'PipelineDefined': {
      const chances = Object.fromEntries(event.data.stages.map(({ stage, probabilityPercent }) => [stage, probabilityPercent]));
      return { kind: 'pipeline', chances: placed(ofKind(state, 'pipeline')?.chances ?? [], { at: event.occurredAt, of: chances }) };
    }
  }
}

function rows(state: TargetAttainmentState, key: string): Rows<TargetAttainmentTable> {
  const id = key.slice(key.indexOf(':') + 1);
  switch (state.kind) {
    case 'deal': return dealRows(state, id);
    case 'meeting': return meetingRows(state, id);
    case 'lead': return leadRows(state, id);
    case 'member': return memberRows(state, id);
    case 'target': return targetRows(state, id);
    case 'plan': return planRows(state, id);
    case 'company': return companyRows(state, { weekdays: DEFAULT_SETTINGS.businessDays, holidays: DEFAULT_SETTINGS.holidays });
    case 'pipeline': return { stage: Object.entries(Object.assign({}, ...state.chances.map((each) => each.of)) as Record<string, number>).map(([stage, probability]) => ({ pipeline_id: id, stage, probability_percent: probability })) };
  }
}

/** What was achieved, by whom and when, and what was to be achieved: targets, and the bonuses that hang on them. */
export const targetAttainment = projection<TargetAttainmentState, TargetAttainmentEvent, TargetAttainmentTable>({
  name: 'target_attainment',
  version: 2,
  tables: targetAttainmentTables,
  /** What is in force is decided by when it happened, not by what was told last. */
  revises: ['target', 'revision', 'achievement', 'open_deal', 'stage', 'company', 'bonus_terms'],
  events: [
    'DealOpened', 'DealStageChanged', 'DealValueRevised', 'DealReassigned', 'DealCreditSplit', 'DealClosed', 'DealReopened', 'MeetingScheduled', 'MeetingHeld',
    'LeadCaptured', 'LeadAssigned', 'LeadQualified', 'LeadMerged', 'MemberAdded', 'RoleChanged', 'MemberMovedToTeam', 'WorkCalendarSet',
    'TargetSet', 'TargetRevised', 'TargetWithdrawn', 'BonusPlanDefined', 'BonusPlanRevised', 'BonusApproved', 'PolicySet', 'PipelineDefined',
  ],
  key: keyOf,
  evolve,
  rows,
});
