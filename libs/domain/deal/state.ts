import type { Decider } from '../../kernel/decider.js';
import type { Instant, LocalDate, Money } from '../../kernel/event.js';
import type { DealCommand } from './commands.js';
import type { CreditShare, DealEvent, ExchangeRate } from './events.js';

export interface KnownDeal {
  readonly pipelineId: string;
  readonly stage: string;
  readonly ownerId: string;
  readonly value: Money;
  readonly rate?: ExchangeRate;
  readonly expectedCloseOn?: LocalDate;
  /** Undefined while the owner has all the credit. */
  readonly shares?: readonly CreditShare[];
  /** Whether it still stands, by roadblock. */
  readonly roadblocks: ReadonlyMap<string, boolean>;
  readonly openedAt: Instant;
  /** Since when it is in its present stage, or closed. */
  readonly since: Instant;
}

export type OpenedDeal = KnownDeal & { readonly status: 'open' };
export type ClosedDeal = KnownDeal & { readonly status: 'closed'; readonly outcome: 'won' | 'lost' };
export type Deal = { readonly status: 'absent' } | OpenedDeal | ClosedDeal;

/** Sorts before every instant: what happened at no known time forbids nothing. */
const BEFORE_ALL = '';

/** What a deal's history comes to. */
export const evolveDeal: Decider<DealCommand, Deal, DealEvent, string>['evolve'] = (state, event) => {
  const at = event.occurredAt ?? BEFORE_ALL;
  if (event.type === 'DealOpened') {
    const { pipelineId, stage, ownerId, value, rate, expectedCloseOn } = event.data;
    return { status: 'open', pipelineId, stage, ownerId, value, roadblocks: new Map(), openedAt: at, since: at, ...(rate && { rate }), ...(expectedCloseOn && { expectedCloseOn }) };
  }
  if (state.status === 'absent') return state;
  switch (event.type) {
    case 'DealStageChanged': return { ...state, stage: event.data.to, since: at };
    case 'DealValueRevised': {
      const { value, rate, expectedCloseOn } = event.data;
      return { ...state, value, ...(rate && { rate }), ...(expectedCloseOn && { expectedCloseOn }) };
    }
    case 'DealReassigned': return { ...state, ownerId: event.data.ownerId };
    case 'DealCreditSplit': return { ...state, shares: event.data.shares };
    case 'RoadblockRaised': return { ...state, roadblocks: new Map(state.roadblocks).set(event.data.roadblockId, true) };
    case 'RoadblockCleared': return { ...state, roadblocks: new Map(state.roadblocks).set(event.data.roadblockId, false) };
    case 'DealClosed': return { ...state, status: 'closed', outcome: event.data.outcome, value: event.data.value, since: at, ...(event.data.rate && { rate: event.data.rate }) };
    case 'DealReopened': return { ...state, status: 'open', stage: event.data.stage, since: at };
  }
};
