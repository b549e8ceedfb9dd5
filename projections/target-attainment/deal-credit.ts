import type { CreditShare, DealEvent, ExchangeRate } from '../../libs/domain/deal/events.js';
import { begun, revised, type Change } from '../../libs/domain/in-force.js';
import type { Instant, LocalDate, Money, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import { converted } from '../exchange-rates/convert.js';
import { cutByShares, sharesOf } from './credit-shares.js';
import type { TargetAttainmentTable } from './target-attainment.tables.js';

/** One time that a deal was won, and the time that this was reversed. */
interface Winning {
  readonly eventId: string;
  readonly at: Instant;
  readonly value: Money;
  readonly rate?: ExchangeRate;
  readonly ownerId: string;
  readonly shares?: readonly CreditShare[];
  readonly reversed?: { readonly eventId: string; readonly at: Instant };
}

/** What of a deal is revised from a moment on. */
interface Terms {
  readonly ownerId: string;
  readonly shares?: readonly CreditShare[];
  readonly value: Money;
  readonly rate?: ExchangeRate;
  readonly expectedCloseOn?: LocalDate;
}

/** A deal: what it would bring while open, and what it has brought. */
export interface DealCredit extends Terms {
  readonly kind: 'deal';
  /** In the order in which they came into force: what is told late takes its place in between. */
  readonly changes: readonly Change<Terms>[];
  readonly open: boolean;
  readonly pipelineId: string;
  readonly stage: string;
  readonly winnings: readonly Winning[];
}

export type CreditedDealEvent = Exclude<DealEvent, { type: 'RoadblockRaised' | 'RoadblockCleared' }>;

export function evolveDeal(deal: DealCredit | undefined, event: Recorded<CreditedDealEvent>): DealCredit | undefined {
  if (event.type === 'DealOpened') {
    const { ownerId, value, rate, pipelineId, stage, expectedCloseOn } = event.data;
    const terms: Terms = { ownerId, value, ...(rate && { rate }), ...(expectedCloseOn && { expectedCloseOn }) };
    return { kind: 'deal', open: true, pipelineId, stage, winnings: [], ...begun(event.occurredAt, terms) };
  }
  if (!deal) return undefined;
  const at = event.occurredAt;
  switch (event.type) {
    case 'DealStageChanged': return { ...deal, stage: event.data.to };
    case 'DealReassigned': return revised(deal, at, { ownerId: event.data.ownerId });
    case 'DealCreditSplit': return revised(deal, at, { shares: event.data.shares });
    case 'DealValueRevised': {
      const { value, rate, expectedCloseOn } = event.data;
      return revised(deal, at, { value, ...(rate && { rate }), ...(expectedCloseOn && { expectedCloseOn }) });
    }
    case 'DealClosed': {
      const { outcome, value, ownerId, shares, rate, stage } = event.data;
      const winning: Winning = { eventId: event.id, at, value, ownerId, ...(shares && { shares }), ...(rate && { rate }) };
      return { ...revised(deal, at, { value, ...(rate && { rate }) }), open: false, stage, ...(outcome === 'won' && { winnings: [...deal.winnings, winning] }) };
    }
    case 'DealReopened': {
      const open = { ...deal, open: true, stage: event.data.stage };
      const last = deal.winnings.at(-1);
      if (event.data.outcome === 'lost' || !last || last.reversed) return open;
      return { ...open, winnings: [...deal.winnings.slice(0, -1), { ...last, reversed: { eventId: event.id, at } }] };
    }
  }
}

const sameShares = (a: readonly CreditShare[], b: readonly CreditShare[]): boolean => a.length === b.length && a.every(({ memberId, percent }, index) => b[index]!.memberId === memberId && b[index]!.percent === percent);

/** The shares of a value, as columns. */
function sharedColumns(value: Money, rate: ExchangeRate | undefined, shares: readonly CreditShare[]): Row[] {
  const inOther = converted(value, rate);
  const parts = cutByShares(value.amountMinor, shares);
  const otherParts = inOther && cutByShares(inOther.amountMinor, shares);
  return shares.map(({ memberId, percent }, index) => ({
    share: index + 1, member_id: memberId, percent, value_minor: parts[index]!, currency: value.currency, converted_minor: otherParts?.[index] ?? null, converted_to: inOther?.currency ?? null,
  }));
}

const negative = (row: Row): Row => ({ ...row, ...Object.fromEntries(['percent', 'value_minor', 'converted_minor'].map((name) => [name, row[name] === null ? null : 0 - Number(row[name])])) });

function winningRows(deal: DealCredit, dealId: string, winning: Winning): Row[] {
  const { value, rate, at, reversed } = winning;
  const then = sharesOf(winning.ownerId, winning.shares);
  const now = sharesOf(deal.ownerId, deal.shares);
  const credits = sameShares(then, now) ? [{ credited: 'always', shares: then }] : [{ credited: 'at-event', shares: then }, { credited: 'current', shares: now }];
  return credits.flatMap(({ credited, shares }) =>
    sharedColumns(value, rate, shares).flatMap((share) => {
      const common = { ...share, credited, subject: 'deal', subject_id: dealId, roster_at: at };
      const won: Row = { ...common, event_id: winning.eventId, kind: 'won', occurred_at: at, reversed_at: reversed?.at ?? null };
      return reversed ? [won, { ...negative(common), event_id: reversed.eventId, kind: 'reversed', occurred_at: reversed.at }] : [won];
    }));
}

export function dealRows(deal: DealCredit, dealId: string): Rows<TargetAttainmentTable> {
  const open = sharedColumns(deal.value, deal.rate, sharesOf(deal.ownerId, deal.shares));
  return {
    achievement: deal.winnings.flatMap((winning) => winningRows(deal, dealId, winning)),
    open_deal: deal.open ? open.map((share) => ({ ...share, deal_id: dealId, pipeline_id: deal.pipelineId, stage: deal.stage, expected_close_on: deal.expectedCloseOn ?? null })) : [],
  };
}
