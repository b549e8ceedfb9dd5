import type { DealEvent } from '../../libs/domain/deal/events.js';
import type { LeadEvent } from '../../libs/domain/lead/events.js';
import type { MeetingEvent } from '../../libs/domain/meeting/events.js';
import type { MemberEvent } from '../../libs/domain/member/events.js';
import { placed, standingNow, type Change, type Dated } from '../../libs/domain/in-force.js';
import type { PipelineStage, PolicyEvent } from '../../libs/domain/policy/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import { projection, type Rows } from '../../libs/kernel/projection.js';
import { dealRows, evolveDeal, type DealJourney } from './deal-journey.js';
import { funnelTables, type FunnelTable } from './funnel.tables.js';
import { evolveLead, leadRows, type LeadJourney } from './lead-journey.js';
import { visitRow } from './visit-row.js';
import { evolveMember, memberRows, type MemberRoster } from './roster.js';

/** A meeting about a lead: a step of the lead's journey once it was held. */
interface LeadMeeting {
  readonly kind: 'meeting';
  readonly leadId: string;
  readonly ownerId: string;
  readonly heldAt?: Instant;
}

interface Pipeline {
  readonly kind: 'pipeline';
  /** In the order in which they came into force; the last is in force now. */
  readonly definitions: readonly (Dated & { readonly name: string; readonly stages: readonly PipelineStage[] })[];
}

interface Company {
  readonly kind: 'company';
  readonly changes: readonly Change<Record<string, string>>[];
}

export type FunnelState = LeadJourney | DealJourney | LeadMeeting | MemberRoster | Pipeline | Company;

type FunnelEvent =
  | Exclude<LeadEvent, { type: 'LeadScored' }>
  | Exclude<DealEvent, { type: 'DealCreditSplit' }>
  | Extract<MeetingEvent, { type: 'MeetingScheduled' | 'MeetingHeld' }>
  | Extract<MemberEvent, { type: 'MemberAdded' | 'RoleChanged' | 'MemberMovedToTeam' }>
  | PolicyEvent;

const COMPANY_KEY = 'company';

function keyOf({ type, data }: Recorded<FunnelEvent>): string | null {
  if (type === 'PipelineDefined') return `pipeline:${data.pipelineId}`;
  if (type === 'PolicySet') return COMPANY_KEY;
  if ('meetingId' in data) return `meeting:${data.meetingId}`;
  // LeadConverted and DealOpened name both: the stream's own entity is the one that changes.
  if (type === 'DealOpened') return `deal:${data.dealId}`;
  if ('leadId' in data && data.leadId !== undefined) return `lead:${data.leadId}`;
  if ('dealId' in data && data.dealId !== undefined) return `deal:${data.dealId}`;
  return 'memberId' in data ? `member:${data.memberId}` : null;
}

function meeting(state: LeadMeeting | undefined, event: Recorded<Extract<FunnelEvent, { type: 'MeetingScheduled' | 'MeetingHeld' }>>): LeadMeeting | undefined {
  if (event.type === 'MeetingHeld') return state && { ...state, heldAt: event.occurredAt };
  const { subject, ownerId } = event.data;
  return subject.kind === 'lead' ? { kind: 'meeting', leadId: subject.id, ownerId } : undefined;
}

function company(state: Company | undefined, { data, occurredAt: at }: Recorded<Extract<PolicyEvent, { type: 'PolicySet' }>>): Company {
  const { zone, currency, fiscalYearStartMonth } = data.settings;
  const said = Object.entries({ zone, currency, fiscalYearStartMonth }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return { kind: 'company', changes: placed(state?.changes ?? [], { ...(Object.fromEntries(said) as Record<string, string>), at }) }; // pairs of text and text
}

const ofKind = <K extends FunnelState['kind']>(state: FunnelState | undefined, kind: K): Extract<FunnelState, { kind: K }> | undefined =>
  state?.kind === kind ? (state as Extract<FunnelState, { kind: K }>) : undefined; // its kind was just looked at

function evolve(state: FunnelState | undefined, event: Recorded<FunnelEvent>): FunnelState | undefined {
  switch (event.type) {
    case 'LeadCaptured': case 'LeadAssigned': case 'LeadContacted': case 'LeadQualified': case 'LeadDisqualified': case 'LeadReopened': case 'LeadMerged': case 'LeadConverted':
      return evolveLead(ofKind(state, 'lead'), event);
    case 'DealOpened': case 'DealStageChanged': case 'DealValueRevised': case 'DealReassigned': case 'RoadblockRaised': case 'RoadblockCleared': case 'DealClosed': case 'DealReopened':
      return evolveDeal(ofKind(state, 'deal'), event);
    case 'MeetingScheduled': case 'MeetingHeld': return meeting(ofKind(state, 'meeting'), event);
    case 'MemberAdded': case 'RoleChanged': case 'MemberMovedToTeam': return evolveMember(ofKind(state, 'member'), event);
    case 'PipelineDefined': {
      const { data: { name, stages }, occurredAt: at } = event;
      return { kind: 'pipeline', definitions: placed(ofKind(state, 'pipeline')?.definitions ?? [], { at, name, stages }) };
    }
    case 'PolicySet': return company(ofKind(state, 'company'), event);
  }
}

function rows(state: FunnelState, key: string): Rows<FunnelTable> {
  const id = key.slice(key.indexOf(':') + 1);
  switch (state.kind) {
    case 'lead': return leadRows(state, id);
    case 'deal': return dealRows(state, id);
    case 'member': return memberRows(state, id);
    case 'company': return { company: Object.entries(standingNow<Record<string, string>>({}, state.changes)).map(([setting, value]) => ({ setting, value })) };
    case 'pipeline': {
      const { name: pipelineName, stages } = state.definitions.at(-1)!; // it has a state once it is defined
      return {
        stage: stages.map(({ stage, name, probabilityPercent, serviceLevelDays }, place) => ({
          pipeline_id: id, pipeline_name: pipelineName, stage, name, place, probability_percent: probabilityPercent, service_level_days: serviceLevelDays ?? null,
        })),
      };
    }
    case 'meeting':
      return state.heldAt === undefined ? {} : {
        visit: [visitRow({ kind: 'meeting', id, journey: `lead:${state.leadId}`, leadId: state.leadId }, { visit: 1, kind: 'milestone', step: 'meeting_held', enteredAt: state.heldAt, ownerId: state.ownerId })],
      };
  }
}

/** The funnel: leads, deals and their steps, each row with the dates and people that its figures are counted by. */
export const funnel = projection<FunnelState, FunnelEvent, FunnelTable>({
  name: 'funnel',
  version: 2,
  tables: funnelTables,
  /** What is in force is decided by when it happened, not by what was told last. */
  revises: ['visit', 'deal', 'lead', 'roadblock', 'stage', 'company'],
  events: [
    'LeadCaptured', 'LeadAssigned', 'LeadContacted', 'LeadQualified', 'LeadDisqualified', 'LeadReopened', 'LeadMerged', 'LeadConverted',
    'DealOpened', 'DealStageChanged', 'DealValueRevised', 'DealReassigned', 'RoadblockRaised', 'RoadblockCleared', 'DealClosed', 'DealReopened',
    'MeetingScheduled', 'MeetingHeld', 'MemberAdded', 'RoleChanged', 'MemberMovedToTeam', 'PipelineDefined', 'PolicySet',
  ],
  key: keyOf,
  evolve,
  rows,
});
