import type { CaseEvent } from '../../libs/domain/case/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import { heldBy, holderAt, later, type Holding } from '../coordinator-efficiency/holdings.js';
import type { RetentionTable } from './retention.tables.js';

interface Round {
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly resolvedAt?: Instant;
  readonly businessMinutes?: number;
  readonly reopenedAt?: Instant;
}

/** A case: its first answer, its rounds and what was promised in it. */
export interface CaseHistory {
  readonly kind: 'case';
  readonly about: string;
  readonly clientId?: string;
  readonly owners: readonly Holding[];
  readonly responseDueAt: Instant;
  readonly response?: { readonly at: Instant; readonly businessMinutes: number };
  readonly touchedAt?: Instant;
  readonly rounds: readonly Round[];
  readonly promises: Readonly<Record<string, { readonly memberId: string; readonly madeAt: Instant; readonly dueAt: Instant; readonly keptAt?: Instant }>>;
}

export type CaseFact = Exclude<CaseEvent, { type: 'PolicyExceptionApproved' }>;

const lastRound = (rounds: readonly Round[], change: Partial<Round>): readonly Round[] => rounds.map((round, index) => (index === rounds.length - 1 ? { ...round, ...change } : round));

function opened({ data, occurredAt: at }: Recorded<Extract<CaseEvent, { type: 'CaseOpened' }>>): CaseHistory {
  const clientId = data.clientId ?? (data.subject.kind === 'client' ? data.subject.id : undefined);
  return {
    kind: 'case', about: data.kind, ...(clientId !== undefined && { clientId }), owners: heldBy([], data.ownerId, at), responseDueAt: data.responseDueAt, rounds: [{ openedAt: at, dueAt: data.resolutionDueAt }], promises: {},
  };
}

export function evolveCase(state: CaseHistory | undefined, event: Recorded<CaseFact>): CaseHistory | undefined {
  const at = event.occurredAt;
  if (event.type === 'CaseOpened') return state ?? opened(event);
  if (!state) return undefined;
  switch (event.type) {
    case 'CaseResponded': {
      const touched = { ...state, touchedAt: state.touchedAt === undefined ? at : later(state.touchedAt, at) };
      return event.data.first ? { ...touched, response: { at, businessMinutes: event.data.businessMinutes } } : touched;
    }
    case 'CaseEscalated': return { ...state, owners: heldBy(state.owners, event.data.ownerId, at) };
    case 'CaseResolved': return { ...state, rounds: lastRound(state.rounds, { resolvedAt: at, businessMinutes: event.data.businessMinutes }) };
    case 'CaseReopened': return { ...state, rounds: [...lastRound(state.rounds, { reopenedAt: at }), { openedAt: at, dueAt: event.data.resolutionDueAt }] };
    case 'PromiseMade': {
      const { promiseId, memberId, dueAt } = event.data;
      return { ...state, promises: { ...state.promises, [promiseId]: { memberId, madeAt: at, dueAt } } };
    }
    case 'PromiseKept': {
      const promise = state.promises[event.data.promiseId];
      return promise ? { ...state, promises: { ...state.promises, [event.data.promiseId]: { ...promise, keptAt: at } } } : state;
    }
    // Whether anything was in time follows from its dates, not from when an alarm rang.
    case 'PromiseBroken':
    case 'CaseServiceLevelBreached': return state;
  }
}

const earlier = (due: Instant, done: Instant | undefined): Instant => (done !== undefined && done < due ? done : due);

export function caseRows(state: CaseHistory, id: string): Rows<RetentionTable> {
  const { about, clientId, owners, responseDueAt, response, touchedAt, rounds, promises } = state;
  const present = owners.at(-1)!.memberId; // a case is opened for someone
  const client = { client_id: clientId ?? null };
  return {
    case: [{
      case_id: id, kind: about, ...client, owner_id: holderAt(owners, earlier(responseDueAt, response?.at)) ?? present, present_owner_id: present, opened_at: rounds[0]!.openedAt, // its opening is the first
      response_due_at: responseDueAt, responded_at: response?.at ?? null, response_business_minutes: response?.businessMinutes ?? null,
    }],
    round: rounds.map((round, index): Row => ({
      case_id: id, round: index + 1, ...client, owner_id: holderAt(owners, earlier(round.dueAt, round.resolvedAt)) ?? present, present_owner_id: present, opened_at: round.openedAt, due_at: round.dueAt,
      resolved_at: round.resolvedAt ?? null, business_minutes: round.businessMinutes ?? null, reopened_at: round.reopenedAt ?? null,
    })),
    promise: Object.entries(promises).map(([promiseId, promise]): Row => ({ case_id: id, promise_id: promiseId, ...client, owner_id: promise.memberId, made_at: promise.madeAt, due_at: promise.dueAt, kept_at: promise.keptAt ?? null })),
    touch: clientId !== undefined && touchedAt !== undefined ? [{ touch_kind: 'case', touch_id: id, client_id: clientId, touched_at: touchedAt }] : [],
  };
}
