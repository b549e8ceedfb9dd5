import type { Instant, Money } from '../../kernel/event.js';
import { BEFORE_ALL, begun, revised, type Change } from '../in-force.js';
import type { MemberStanding } from '../member/facts.js';
import type { ChurnReason, ClientEvent, Renewal } from './events.js';

/** Nothing personal is kept: a client whose contact is forgotten decides like any other. */
interface Known {
  readonly ownerId: string;
  /** Who looked after it from when on: what is told late takes its place in between. */
  readonly changes: readonly Change<{ readonly ownerId: string }>[];
  readonly monthlyRevenue: Money;
  /** When its revenue or renewal last moved: each movement starts from the one before it. */
  readonly movedAt: Instant;
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
  const at = event.occurredAt ?? BEFORE_ALL;
  if (event.type === 'ClientOnboarded') {
    const { ownerId, monthlyRevenue, renewal } = event.data;
    return { status: 'active', ...begun(at, { ownerId }), monthlyRevenue, movedAt: at, renewal, lapsed: false, purchases: new Map(), onboardedAt: event.occurredAt };
  }
  if (state.status === 'absent') return state;
  const { ownerId, changes, monthlyRevenue, purchases, onboardedAt } = state;
  const known = { ownerId, changes, monthlyRevenue, purchases, onboardedAt, movedAt: at };
  switch (event.type) {
    case 'PurchaseRecorded': return { ...state, purchases: new Map(purchases).set(event.data.purchaseId, event.data.amount) };
    case 'ClientExpanded':
    case 'ClientDownsized': return { ...state, monthlyRevenue: event.data.to, movedAt: at };
    case 'ClientReassigned': return revised(state, at, { ownerId: event.data.ownerId });
    case 'ClientChurned': return { status: 'churned', ...known, monthlyRevenue: event.data.to, reason: event.data.reason, churnedAt: event.occurredAt };
    case 'ClientWonBack': return { status: 'active', ...known, monthlyRevenue: event.data.to, renewal: event.data.renewal, lapsed: false };
    case 'ClientRenewed': return { status: 'active', ...known, renewal: event.data.renewal, lapsed: false };
    case 'RenewalLapsed': return state.status === 'active' ? { ...state, lapsed: true } : state;
  }
}
