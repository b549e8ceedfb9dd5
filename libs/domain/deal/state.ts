import type { Decider } from '../../kernel/decider.js';
import type { Instant, LocalDate, Money } from '../../kernel/event.js';
import { BEFORE_ALL, begun, revised, type Change } from '../in-force.js';
import type { DealCommand } from './commands.js';
import type { CreditShare, DealEvent, ExchangeRate } from './events.js';

/** What of a deal is revised from a moment on. */
export interface DealTerms {
  readonly ownerId: string;
  readonly value: Money;
  readonly rate?: ExchangeRate;
  readonly expectedCloseOn?: LocalDate;
  /** Undefined while the owner has all the credit. */
  readonly shares?: readonly CreditShare[];
}

/** A deal with its terms after all that was said of them. */
export interface KnownDeal extends DealTerms {
  /** In the order in which they came into force: what is told late takes its place in between. */
  readonly changes: readonly Change<DealTerms>[];
  readonly pipelineId: string;
  readonly stage: string;
  /** Whether it still stands, by roadblock. */
  readonly roadblocks: ReadonlyMap<string, boolean>;
  readonly openedAt: Instant;
  /** Since when it is in its present stage, or closed. */
  readonly since: Instant;
}

export type OpenedDeal = KnownDeal & { readonly status: 'open' };
export type ClosedDeal = KnownDeal & { readonly status: 'closed'; readonly outcome: 'won' | 'lost' };
export type Deal = { readonly status: 'absent' } | OpenedDeal | ClosedDeal;

/** What a deal's history comes to. */
export const evolveDeal: Decider<DealCommand, Deal, DealEvent, string>['evolve'] = (state, event) => {
  const at = event.occurredAt ?? BEFORE_ALL;
  if (event.type === 'DealOpened') {
    const { pipelineId, stage, ownerId, value, rate, expectedCloseOn } = event.data;
    const terms: DealTerms = { ownerId, value, ...(rate && { rate }), ...(expectedCloseOn && { expectedCloseOn }) };
    return { status: 'open', pipelineId, stage, roadblocks: new Map(), openedAt: at, since: at, ...begun(at, terms) };
  }
  if (state.status === 'absent') return state;
  switch (event.type) {
    case 'DealStageChanged': return { ...state, stage: event.data.to, since: at };
    case 'DealValueRevised': {
      const { value, rate, expectedCloseOn } = event.data;
      return revised(state, at, { value, ...(rate && { rate }), ...(expectedCloseOn && { expectedCloseOn }) });
    }
    case 'DealReassigned': return revised(state, at, { ownerId: event.data.ownerId });
    case 'DealCreditSplit': return revised(state, at, { shares: event.data.shares });
    case 'RoadblockRaised': return { ...state, roadblocks: new Map(state.roadblocks).set(event.data.roadblockId, true) };
    case 'RoadblockCleared': return { ...state, roadblocks: new Map(state.roadblocks).set(event.data.roadblockId, false) };
    case 'DealClosed': {
      const { outcome, value, rate } = event.data;
      return { ...revised(state, at, { value, ...(rate && { rate }) }), status: 'closed', outcome, since: at };
    }
    case 'DealReopened': return { ...state, status: 'open', stage: event.data.stage, since: at };
  }
};
