import type { Instant, Money } from '../../kernel/event.js';
import type { MemberStanding } from '../member/facts.js';
import type { ChurnReason, ClientEvent, Renewal } from './events.js';

/** Nothing personal is kept: a client whose contact is forgotten decides like any other. */
interface Known {
  readonly ownerId: string;
  readonly monthlyRevenue: Money;
  /** By purchase id. */
  readonly purchases: ReadonlyMap<string, Money>;
  readonly onboardedAt?: Instant;
}

export type ActiveClient = Known & { readonly status: 'active'; readonly renewal?: Renewal; readonly lapsed: boolean };
export type ChurnedClient = Known & { readonly status: 'churned'; readonly reason: ChurnReason; readonly churnedAt?: Instant };
export type LiveClient = ActiveClient | ChurnedClient;
export type Client = { readonly status: 'absent' } | LiveClient;

/** Each is read only for the commands that rest on it. */
export interface ClientFacts {
  readonly owner: MemberStanding;
  /** The company's, in which a renewal day ends. */
  readonly zone: string;
}

export const nothingIn = (currency: string): Money => ({ amountMinor: 0, currency });

/** What a client's history comes to. */
export function evolveClient(state: Client, event: ClientEvent & { readonly occurredAt?: Instant }): Client {
  if (event.type === 'ClientOnboarded') {
    const { ownerId, monthlyRevenue, renewal } = event.data;
    return { status: 'active', ownerId, monthlyRevenue, renewal, lapsed: false, purchases: new Map(), onboardedAt: event.occurredAt };
  }
  if (state.status === 'absent') return state;
  const { ownerId, monthlyRevenue, purchases, onboardedAt } = state;
  switch (event.type) {
    case 'PurchaseRecorded': return { ...state, purchases: new Map(purchases).set(event.data.purchaseId, event.data.amount) };
    case 'ClientExpanded':
    case 'ClientDownsized': return { ...state, monthlyRevenue: event.data.to };
    case 'ClientReassigned': return { ...state, ownerId: event.data.ownerId };
    case 'ClientChurned': return { status: 'churned', ownerId, monthlyRevenue: event.data.to, purchases, onboardedAt, reason: event.data.reason, churnedAt: event.occurredAt };
    case 'ClientWonBack': return { status: 'active', ownerId, monthlyRevenue: event.data.to, purchases, onboardedAt, renewal: event.data.renewal, lapsed: false };
    case 'ClientRenewed': return { status: 'active', ownerId, monthlyRevenue, purchases, onboardedAt, renewal: event.data.renewal, lapsed: false };
    case 'RenewalLapsed': return state.status === 'active' ? { ...state, lapsed: true } : state;
  }
}
