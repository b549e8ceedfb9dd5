import type { ClientEvent } from '../../libs/domain/client/events.js';
import { defined } from '../../libs/domain/defined.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import { heldBy, later, type Holding } from '../coordinator-efficiency/holdings.js';
import type { RetentionTable } from './retention.tables.js';

type MovementKind = 'new' | 'expansion' | 'contraction' | 'churn' | 'win_back';

interface Movement {
  readonly kind: MovementKind;
  readonly at: Instant;
  readonly fromMinor: number;
  readonly toMinor: number;
  readonly ownerId: string;
  readonly reason?: string;
}

/** A client's revenue and who looked after it. A client has few movements; its purchases are keys of their own. */
export interface ClientHistory {
  readonly kind: 'client';
  readonly currency: string;
  readonly region?: string;
  readonly segment?: string;
  readonly product?: string;
  readonly dealId?: string;
  readonly leadId?: string;
  readonly onboardedAt: Instant;
  readonly active: boolean;
  readonly lapsesAt?: Instant;
  readonly owners: readonly Holding[];
  readonly movements: readonly Movement[];
}

/** What a client's own stream says besides its purchases. */
export type ClientFact = Exclude<ClientEvent, { type: 'PurchaseRecorded' | 'RenewalLapsed' }>;

/** Nothing takes effect before what was told before it: a client cannot shrink before it grew. */
const moved = (client: ClientHistory, movement: Movement): ClientHistory =>
  ({ ...client, active: movement.kind !== 'churn', movements: [...client.movements, { ...movement, at: later(client.movements.at(-1)!.at, movement.at) }] }); // its onboarding is the first

function onboarded({ data, occurredAt: at }: Recorded<Extract<ClientEvent, { type: 'ClientOnboarded' }>>): ClientHistory {
  const { ownerId, monthlyRevenue, region, segment, product, dealId, leadId, renewal } = data;
  return {
    kind: 'client', currency: monthlyRevenue.currency, onboardedAt: at, active: true, owners: heldBy([], ownerId, at),
    ...defined({ region, segment, product, dealId, leadId }), ...(renewal && { lapsesAt: renewal.lapsesAt }),
    movements: [{ kind: 'new', at, fromMinor: 0, toMinor: monthlyRevenue.amountMinor, ownerId }],
  };
}

export function evolveClient(client: ClientHistory | undefined, event: Recorded<ClientFact>): ClientHistory | undefined {
  if (event.type === 'ClientOnboarded') return client ?? onboarded(event);
  if (!client) return undefined;
  const at = event.occurredAt;
  if (event.type === 'ClientReassigned') return { ...client, owners: heldBy(client.owners, event.data.ownerId, at) };
  if (event.type === 'ClientRenewed') return { ...client, lapsesAt: event.data.renewal.lapsesAt };
  const { from, to, ownerId } = event.data;
  const movement = { at, fromMinor: from.amountMinor, toMinor: to.amountMinor, ownerId };
  switch (event.type) {
    case 'ClientExpanded': return moved(client, { ...movement, kind: 'expansion', ...(event.data.reason !== undefined && { reason: event.data.reason }) });
    case 'ClientDownsized': return moved(client, { ...movement, kind: 'contraction', ...(event.data.reason !== undefined && { reason: event.data.reason }) });
    case 'ClientChurned': {
      const { lapsesAt: _, ...rest } = moved(client, { ...movement, kind: 'churn', reason: event.data.reason });
      return rest;
    }
    case 'ClientWonBack': {
      const { lapsesAt: _, ...rest } = moved(client, { ...movement, kind: 'win_back' });
      return { ...rest, ...(event.data.renewal && { lapsesAt: event.data.renewal.lapsesAt }) };
    }
  }
}

export function clientRows(client: ClientHistory, id: string): Rows<RetentionTable> {
  const place = { region: client.region ?? null, segment: client.segment ?? null };
  return {
    client: [{ client_id: id, owner_id: client.owners.at(-1)!.memberId, currency: client.currency, onboarded_at: client.onboardedAt, active: client.active, lapses_at: client.lapsesAt ?? null, deal_id: client.dealId ?? null, lead_id: client.leadId ?? null, product: client.product ?? null, ...place }], // it was onboarded by someone
    revenue: client.movements.map(({ kind, at, fromMinor, toMinor, ownerId, reason }, index): Row => ({
      client_id: id, movement: index + 1, kind, active: kind !== 'churn', monthly_minor: toMinor, change_minor: toMinor - fromMinor, currency: client.currency, reason: reason ?? null, owner_id: ownerId,
      since: at, until_at: client.movements[index + 1]?.at ?? null, ...place,
    })),
    ownership: client.owners.map(({ memberId, from, until }, index): Row => ({ client_id: id, stretch: index + 1, owner_id: memberId, since: from, until_at: until ?? null })),
  };
}
