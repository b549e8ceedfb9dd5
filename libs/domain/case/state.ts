import type { Decider } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import { inForce, type Dated } from '../in-force.js';
import type { MemberStanding } from '../member/facts.js';
import type { WorkCalendar } from '../work-calendar.js';
import type { CaseCommand } from './commands.js';
import type { CaseEvent, ServiceLevel } from './events.js';

export interface StandingPromise {
  readonly status: 'open' | 'broken' | 'kept';
  readonly dueAt: Instant;
}

export interface KnownCase {
  readonly ownerId: string;
  /** Who had it from when on: the one it was opened for, and whom it was escalated to. */
  readonly owners: readonly (Dated & { readonly ownerId: string })[];
  /** How often it was escalated. */
  readonly level: number;
  readonly openedAt: Instant;
  /** When it was opened, resolved or reopened, whichever came last. */
  readonly since: Instant;
  readonly dueAt: Readonly<Record<ServiceLevel, Instant>>;
  /** The service levels whose present due time is already marked as breached. */
  readonly breached: ReadonlySet<ServiceLevel>;
  readonly responseIds: ReadonlySet<string>;
  readonly exceptionIds: ReadonlySet<string>;
  readonly promises: ReadonlyMap<string, StandingPromise>;
}

export type OpenedCase = KnownCase & { readonly status: 'open' };
export type ResolvedCase = KnownCase & { readonly status: 'resolved' };
export type ClientCase = { readonly status: 'absent' } | OpenedCase | ResolvedCase;

/** Each read only for the commands that rest on it. */
export interface CaseFacts {
  readonly owner: MemberStanding;
  /** Whoever is named as having answered, resolved or promised. */
  readonly member: MemberStanding;
  readonly subjectExists: boolean;
  readonly clientExists: boolean;
  /** The hours of the owner, or the company's where they have set none. */
  readonly calendar: WorkCalendar;
  /** In business minutes, as the policy gives them. */
  readonly responseMinutes: number;
  readonly resolutionMinutes: number;
}

const withPromise = ({ promises }: KnownCase, promiseId: string, promise: StandingPromise): Pick<KnownCase, 'promises'> => ({ promises: new Map(promises).set(promiseId, promise) });

/** Who had the case when something happened. */
export const ownerAt = ({ owners, ownerId }: Pick<KnownCase, 'owners' | 'ownerId'>, at: Instant): string => inForce(owners, at)?.ownerId ?? ownerId;

/** What a case's history comes to. */
export const evolveCase: Decider<CaseCommand, ClientCase, CaseEvent, string>['evolve'] = (state, event) => {
  if (event.type === 'CaseOpened') {
    const { ownerId, responseDueAt, resolutionDueAt } = event.data;
    const at = event.occurredAt ?? '';
    return {
      status: 'open', ownerId, owners: [{ at, ownerId }], level: 0, openedAt: at, since: at, dueAt: { first_response: responseDueAt, resolution: resolutionDueAt },
      breached: new Set(), responseIds: new Set(), exceptionIds: new Set(), promises: new Map(),
    };
  }
  if (state.status === 'absent') return state;
  const since = event.occurredAt ?? state.since;
  switch (event.type) {
    case 'CaseResponded': return { ...state, responseIds: new Set(state.responseIds).add(event.data.responseId) };
    case 'CaseEscalated': {
      const { ownerId, level } = event.data;
      return { ...state, ownerId, owners: [...state.owners, { at: event.occurredAt ?? state.owners.at(-1)!.at, ownerId }], level }; // its opening is the first
    }
    case 'CaseResolved': return { ...state, status: 'resolved', since };
    case 'CaseReopened': {
      const breached = new Set([...state.breached].filter((kind) => kind !== 'resolution'));
      return { ...state, status: 'open', since, dueAt: { ...state.dueAt, resolution: event.data.resolutionDueAt }, breached };
    }
    case 'PolicyExceptionApproved': return { ...state, exceptionIds: new Set(state.exceptionIds).add(event.data.exceptionId) };
    case 'PromiseMade': return { ...state, ...withPromise(state, event.data.promiseId, { status: 'open', dueAt: event.data.dueAt }) };
    case 'PromiseKept': return { ...state, ...withPromise(state, event.data.promiseId, { status: 'kept', dueAt: state.promises.get(event.data.promiseId)?.dueAt ?? since }) };
    case 'PromiseBroken': return { ...state, ...withPromise(state, event.data.promiseId, { status: 'broken', dueAt: event.data.dueAt }) };
    case 'CaseServiceLevelBreached': return { ...state, breached: new Set(state.breached).add(event.data.kind) };
  }
};
