import type { DealEvent, ExchangeRate } from '../../libs/domain/deal/events.js';
import { begun, inForce, revised, type Change } from '../../libs/domain/in-force.js';
import type { Instant, LocalDate, Money, Recorded } from '../../libs/kernel/event.js';
import { PartRow, type Row, type Rows } from '../../libs/kernel/projection.js';
import { converted } from '../exchange-rates/convert.js';
import type { FunnelTable } from './funnel.tables.js';
import { visitRow, type VisitSubject } from './visit-row.js';

interface Amount {
  readonly value: Money;
  readonly rate?: ExchangeRate;
}

interface StageVisit {
  readonly stage: string;
  readonly enteredAt: Instant;
  readonly ownerId: string;
  readonly leftAt?: Instant;
  readonly exit?: 'moved' | 'won' | 'lost';
  /** Place in `closings` of the closing that ended it. */
  readonly closing?: number;
}

interface Closing extends Amount {
  readonly outcome: 'won' | 'lost';
  readonly reason?: string;
  readonly stage: string;
  readonly closedAt: Instant;
  readonly ownerId: string;
  readonly reopenedAt?: Instant;
}

interface Roadblock {
  readonly id: string;
  readonly cause: string;
  readonly raisedAt: Instant;
  readonly ownerId: string;
  readonly endedAt?: Instant;
  readonly endedBy?: 'cleared' | 'closed';
}

/** What of a deal is revised from a moment on. */
interface Terms extends Amount {
  readonly ownerId: string;
  readonly expectedCloseOn?: LocalDate;
}

/** A deal's way through its pipeline. */
export interface DealJourney extends Terms {
  readonly kind: 'deal';
  /** In the order in which they came into force: what is told late takes its place in between. */
  readonly changes: readonly Change<Terms>[];
  readonly opening: { readonly at: Instant; readonly ownerId: string };
  readonly pipelineId: string;
  readonly leadId?: string;
  readonly source?: string;
  readonly campaignId?: string;
  readonly product?: string;
  readonly region?: string;
  readonly segment?: string;
  readonly status: 'open' | 'won' | 'lost';
  readonly visits: readonly StageVisit[];
  readonly closings: readonly Closing[];
  readonly roadblocks: readonly Roadblock[];
}

/** Events told late may carry an earlier moment than the one before them: nobody leaves before coming in. */
const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

const leave = (visits: readonly StageVisit[], at: Instant, how: Pick<StageVisit, 'exit' | 'closing'>): StageVisit[] =>
  visits.map((visit) => (visit.leftAt === undefined ? { ...visit, leftAt: later(visit.enteredAt, at), ...how } : visit));

const amountOf = ({ value, rate }: Amount): Amount => (rate ? { value, rate } : { value });

function opened({ data, occurredAt }: Recorded<Extract<DealEvent, { type: 'DealOpened' }>>): DealJourney {
  const { leadId, source, campaignId, product, region, segment, expectedCloseOn } = data;
  const known = Object.fromEntries(Object.entries({ leadId, source, campaignId, product, region, segment }).filter(([, value]) => value !== undefined));
  return {
    kind: 'deal', opening: { at: occurredAt, ownerId: data.ownerId }, pipelineId: data.pipelineId, status: 'open', ...known,
    ...begun<Terms>(occurredAt, { ownerId: data.ownerId, ...amountOf(data), ...(expectedCloseOn && { expectedCloseOn }) }),
    visits: [{ stage: data.stage, enteredAt: occurredAt, ownerId: data.ownerId }], closings: [], roadblocks: [],
  };
}

function closedBy(deal: DealJourney, { data, occurredAt }: Recorded<Extract<DealEvent, { type: 'DealClosed' }>>): DealJourney {
  const closing: Closing = { outcome: data.outcome, stage: data.stage, closedAt: occurredAt, ownerId: data.ownerId, ...amountOf(data), ...(data.reason && { reason: data.reason }) };
  return {
    ...revised(deal, occurredAt, amountOf(data)), status: data.outcome,
    visits: leave(deal.visits, occurredAt, { exit: data.outcome, closing: deal.closings.length }),
    closings: [...deal.closings, closing],
    roadblocks: deal.roadblocks.map((block) => (block.endedAt ? block : { ...block, endedAt: later(block.raisedAt, occurredAt), endedBy: 'closed' })),
  };
}

/** Who had the deal at a moment. */
const ownerAt = ({ changes, ownerId }: DealJourney, at: Instant): string => inForce(changes.filter((change) => change.ownerId !== undefined), at)?.ownerId ?? ownerId;

/** The deal goes to another: whatever began after that, and before it went to a third, was theirs. */
function handedOn(before: DealJourney, at: Instant, ownerId: string): DealJourney {
  const deal = revised(before, at, { ownerId });
  const owned = <T extends { readonly ownerId: string }>(part: T, since: Instant): T => {
    const owner = ownerAt(deal, since);
    return owner === part.ownerId ? part : { ...part, ownerId: owner };
  };
  return { ...deal, visits: deal.visits.map((visit) => owned(visit, visit.enteredAt)), roadblocks: deal.roadblocks.map((block) => owned(block, block.raisedAt)) };
}

/** Folds one event of a deal's stream. */
export function evolveDeal(deal: DealJourney | undefined, event: Recorded<DealEvent>): DealJourney | undefined {
  if (event.type === 'DealOpened') return deal ?? opened(event);
  if (!deal) return undefined;
  const { occurredAt } = event;
  switch (event.type) {
    case 'DealStageChanged':
      return { ...deal, visits: [...leave(deal.visits, occurredAt, { exit: 'moved' }), { stage: event.data.to, enteredAt: occurredAt, ownerId: ownerAt(deal, occurredAt) }] };
    // A rate stands until another is given, as it does for the closing.
    case 'DealValueRevised': return revised(deal, occurredAt, { ...amountOf(event.data), ...(event.data.expectedCloseOn && { expectedCloseOn: event.data.expectedCloseOn }) });
    case 'DealReassigned': return handedOn(deal, occurredAt, event.data.ownerId);
    case 'DealCreditSplit': return deal;
    case 'RoadblockRaised':
      if (deal.roadblocks.some((block) => block.id === event.data.roadblockId && !block.endedAt)) return deal;
      return { ...deal, roadblocks: [...deal.roadblocks, { id: event.data.roadblockId, cause: event.data.cause, raisedAt: occurredAt, ownerId: ownerAt(deal, occurredAt) }] };
    case 'RoadblockCleared':
      return { ...deal, roadblocks: deal.roadblocks.map((block) => (block.id === event.data.roadblockId && !block.endedAt ? { ...block, endedAt: later(block.raisedAt, occurredAt), endedBy: 'cleared' } : block)) };
    case 'DealClosed': return closedBy(deal, event);
    case 'DealReopened':
      return {
        ...deal, status: 'open',
        closings: deal.closings.map((closing, index) => (index === deal.closings.length - 1 && !closing.reopenedAt ? { ...closing, reopenedAt: later(closing.closedAt, occurredAt) } : closing)),
        visits: [...deal.visits, { stage: event.data.stage, enteredAt: occurredAt, ownerId: ownerAt(deal, occurredAt) }],
      };
  }
}

const moneyCells = (amount: Amount): Row => ({
  value_minor: amount.value.amountMinor, currency: amount.value.currency, converted_minor: converted(amount.value, amount.rate)?.amountMinor ?? null, converted_to: amount.rate?.to ?? null,
});

/** What of a deal never changes: every fact about it carries these. */
const dimensionsOf = (deal: DealJourney): Row => ({
  lead_id: deal.leadId ?? null, pipeline_id: deal.pipelineId, source: deal.source ?? null, campaign_id: deal.campaignId ?? null, product: deal.product ?? null, region: deal.region ?? null, segment: deal.segment ?? null,
});

const journeyOf = (deal: DealJourney, id: string): string => (deal.leadId === undefined ? `deal:${id}` : `lead:${deal.leadId}`);
const subjectOf = (deal: DealJourney, id: string): VisitSubject => ({
  kind: 'deal', id, journey: journeyOf(deal, id), leadId: deal.leadId, pipelineId: deal.pipelineId, source: deal.source, campaignId: deal.campaignId, product: deal.product, region: deal.region, segment: deal.segment,
});

function stageRow(deal: DealJourney, id: string, visit: StageVisit, index: number): Row {
  const closing = visit.closing === undefined ? undefined : deal.closings[visit.closing];
  return visitRow(subjectOf(deal, id), {
    visit: index + 1, kind: 'stage', step: visit.stage, enteredAt: visit.enteredAt, leftAt: visit.leftAt, ownerId: visit.ownerId, exit: visit.exit,
    exitReason: closing?.reason, exitOwnerId: closing?.ownerId, exitValueMinor: closing?.value.amountMinor, exitCurrency: closing?.value.currency,
  });
}

/** Numbers must stay with their visit while the deal goes on: stages count upwards from 1, opening is 0, winnings count downwards. */
function visitRows(deal: DealJourney, id: string): PartRow[] {
  const milestone = (visit: number, step: string, enteredAt: Instant, ownerId: string): Row => visitRow(subjectOf(deal, id), { visit, kind: 'milestone', step, enteredAt, ownerId });
  return [
    new PartRow(deal.opening, () => milestone(0, 'deal_opened', deal.opening.at, deal.opening.ownerId)),
    ...deal.visits.map((visit, index) => new PartRow(visit, () => stageRow(deal, id, visit, index))),
    ...deal.closings.flatMap((closing, index) => (closing.outcome === 'won' ? [new PartRow(closing, () => milestone(-1 - index, 'won', closing.closedAt, closing.ownerId))] : [])),
  ];
}

/** All rows of a deal. */
export function dealRows(deal: DealJourney, id: string): Rows<FunnelTable> {
  return {
    visit: visitRows(deal, id),
    deal: [{
      deal_id: id, journey: journeyOf(deal, id), owner_id: deal.ownerId, opened_owner_id: deal.opening.ownerId, status: deal.status, opened_at: deal.opening.at, expected_close_on: deal.expectedCloseOn ?? null,
      open_roadblocks: deal.roadblocks.filter((block) => !block.endedAt).length, ...moneyCells(deal), ...dimensionsOf(deal),
    }],
    closing: deal.closings.map((closing, index) => new PartRow(closing, () => ({
      deal_id: id, closing: index + 1, outcome: closing.outcome, reason: closing.reason ?? null, stage: closing.stage, opened_at: deal.opening.at, closed_at: closing.closedAt, reopened_at: closing.reopenedAt ?? null,
      owner_id: closing.ownerId, ...moneyCells(closing), ...dimensionsOf(deal),
    }))),
    roadblock: deal.roadblocks.map((block, index) => new PartRow(block, () => ({
      deal_id: id, raise: index + 1, roadblock_id: block.id, cause: block.cause, raised_at: block.raisedAt, ended_at: block.endedAt ?? null, ended_by: block.endedBy ?? null, owner_id: block.ownerId, ...dimensionsOf(deal),
    }))),
  };
}
