import type { CaseEvent } from '../../libs/domain/case/events.js';
import type { ClientEvent } from '../../libs/domain/client/events.js';
import { begun, revised, type Change } from '../../libs/domain/in-force.js';
import type { SubjectRef } from '../../libs/domain/subject.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import type { AgendaTable } from './agenda.tables.js';
import { aboutColumns, NO_MORE, short } from './planned-work.js';

/** By when, and whether the clock has marked that it was not. */
interface Due {
  readonly at: Instant;
  readonly missed: boolean;
}

/** A case: what is due on it, and what was promised. */
export interface CaseCare {
  readonly kind: 'case';
  readonly ownerId: string;
  readonly title: string;
  readonly subject: SubjectRef;
  readonly response?: Due;
  readonly resolution?: Due;
  /** Not yet kept. They stay due whatever becomes of the case. */
  readonly promises: Readonly<Record<string, Due & { readonly memberId: string; readonly promise: string }>>;
}

/** A client, and when its contract is up for renewal. */
export interface ClientCare {
  readonly kind: 'client';
  readonly name: string;
  readonly ownerId: string;
  /** Who looked after it from when on: what is told late takes its place in between. */
  readonly changes: readonly Change<{ readonly ownerId: string }>[];
  readonly renewal?: Due;
}

export type CaseCareEvent = Exclude<CaseEvent, { type: 'PolicyExceptionApproved' }>;
export type ClientCareEvent = Extract<ClientEvent, { type: 'ClientOnboarded' | 'ClientRenewed' | 'ClientChurned' | 'ClientWonBack' | 'ClientReassigned' | 'RenewalLapsed' }>;

const due = (at: Instant): Due => ({ at, missed: false });
const missed = (each: Due | undefined): Due | undefined => each && { ...each, missed: true };

export function evolveCase(care: CaseCare | undefined, event: Recorded<CaseCareEvent>): CaseCare | undefined {
  if (event.type === 'CaseOpened') {
    const { ownerId, title, subject, responseDueAt, resolutionDueAt } = event.data;
    return { kind: 'case', ownerId, title: short(title), subject, response: due(responseDueAt), resolution: due(resolutionDueAt), promises: {} };
  }
  if (!care) return undefined;
  const { response, resolution, ...rest } = care;
  switch (event.type) {
    case 'CaseResponded': return { ...rest, ...(resolution && { resolution }) };
    case 'CaseEscalated': return { ...care, ownerId: event.data.ownerId };
    case 'CaseResolved': return rest;
    case 'CaseReopened': return { ...care, resolution: due(event.data.resolutionDueAt) };
    case 'PromiseMade': {
      const { promiseId, memberId, promise, dueAt } = event.data;
      return { ...care, promises: { ...care.promises, [promiseId]: { ...due(dueAt), memberId, promise: short(promise) } } };
    }
    case 'PromiseKept': {
      const { [event.data.promiseId]: _, ...open } = care.promises;
      return { ...care, promises: open };
    }
    case 'PromiseBroken': {
      const promise = care.promises[event.data.promiseId];
      return promise ? { ...care, promises: { ...care.promises, [event.data.promiseId]: { ...promise, missed: true } } } : care;
    }
    case 'CaseServiceLevelBreached': {
      const late = event.data.kind === 'first_response' ? { response: missed(response) } : { resolution: missed(resolution) };
      return { ...care, ...late };
    }
  }
}

export function evolveClient(care: ClientCare | undefined, event: Recorded<ClientCareEvent>): ClientCare | undefined {
  if (event.type === 'ClientOnboarded') {
    const { name, ownerId, renewal } = event.data;
    return { kind: 'client', name: short(name), ...begun(event.occurredAt, { ownerId }), ...(renewal && { renewal: due(renewal.lapsesAt) }) };
  }
  if (!care) return undefined;
  const { renewal: _, ...rest } = care;
  switch (event.type) {
    case 'ClientRenewed': return { ...rest, renewal: due(event.data.renewal.lapsesAt) };
    case 'ClientWonBack': return { ...rest, ...(event.data.renewal && { renewal: due(event.data.renewal.lapsesAt) }) };
    case 'ClientChurned': return rest;
    case 'ClientReassigned': return revised(care, event.occurredAt, { ownerId: event.data.ownerId });
    case 'RenewalLapsed': return { ...care, renewal: { at: event.data.renewal.lapsesAt, missed: true } };
  }
}

export function caseRows({ ownerId, title, subject, response, resolution, promises }: CaseCare, id: string): Rows<AgendaTable> {
  const about: Row = { ...NO_MORE, ...aboutColumns(subject), item_id: id, title, subject_kind: 'case', subject_id: id };
  const owed = (kind: string, each: Due | undefined): Row[] => (each ? [{ ...about, kind, member_id: ownerId, due_at: each.at, missed: each.missed }] : []);
  return {
    item: [
      ...owed('case_response', response), ...owed('case_resolution', resolution),
      ...Object.entries(promises).map(([part, each]): Row => ({ ...about, kind: 'promise', part, member_id: each.memberId, due_at: each.at, detail: each.promise, missed: each.missed })),
    ],
    subject: [{ subject_kind: 'case', subject_id: id, title, owner_id: ownerId, deal_id: subject.kind === 'deal' ? subject.id : null }],
  };
}

export function clientRows({ name, ownerId, renewal }: ClientCare, id: string): Rows<AgendaTable> {
  return {
    item: renewal ? [{ ...NO_MORE, kind: 'renewal', item_id: id, member_id: ownerId, due_at: renewal.at, title: short(`Renewal of ${name}`), subject_kind: 'client', subject_id: id, missed: renewal.missed }] : [],
    subject: [{ subject_kind: 'client', subject_id: id, title: name, owner_id: ownerId, deal_id: null }],
  };
}
