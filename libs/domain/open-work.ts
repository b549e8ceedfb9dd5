import type { Instant, Recorded } from '../kernel/event.js';
import type { CaseEvent } from './case/events.js';
import type { ClientEvent } from './client/events.js';
import type { DealEvent } from './deal/events.js';
import type { FollowUpEvent } from './follow-up/events.js';
import type { LeadEvent } from './lead/events.js';
import type { SubjectRef } from './subject.js';
import type { TaskEvent } from './task/events.js';

export type WorkKind = 'lead' | 'deal' | 'client' | 'case' | 'task' | 'followUp';

/** A piece of work that someone owns and that is not done. */
export interface WorkItem {
  readonly kind: WorkKind;
  readonly id: string;
  readonly ownerId: string;
  readonly dueAt?: Instant;
  readonly subject?: SubjectRef;
  readonly region?: string;
}

/** All open work, and who has how much of it. */
export interface OpenWork {
  readonly items: Map<string, WorkItem>;
  readonly byOwner: Map<string, Set<string>>;
}

export type OpenWorkEvent = LeadEvent | DealEvent | ClientEvent | CaseEvent | TaskEvent | FollowUpEvent;

export const OPEN_WORK_EVENTS: readonly OpenWorkEvent['type'][] = [
  'LeadCaptured', 'LeadAssigned', 'LeadDisqualified', 'LeadConverted', 'LeadMerged', 'DealOpened', 'DealReassigned', 'DealClosed', 'DealReopened',
  'ClientOnboarded', 'ClientReassigned', 'ClientChurned', 'ClientWonBack', 'CaseOpened', 'CaseEscalated', 'CaseResolved', 'TaskAllocated', 'TaskReassigned', 'TaskCompleted', 'TaskCancelled',
  'FollowUpScheduled', 'FollowUpRescheduled', 'FollowUpCompleted', 'FollowUpCancelled',
];

export const noWork = (): OpenWork => ({ items: new Map(), byOwner: new Map() });
const keyOf = (kind: WorkKind, id: string): string => `${kind}/${id}`;

export function done(work: OpenWork, kind: WorkKind, id: string): void {
  const key = keyOf(kind, id);
  const item = work.items.get(key);
  if (!item) return;
  work.items.delete(key);
  const owned = work.byOwner.get(item.ownerId);
  owned?.delete(key);
  if (owned?.size === 0) work.byOwner.delete(item.ownerId);
}

/** The item is open and that member's; also to note what a rule has asked for before the log tells it. */
export function give(work: OpenWork, item: WorkItem): void {
  done(work, item.kind, item.id);
  const key = keyOf(item.kind, item.id);
  work.items.set(key, item);
  const owned = work.byOwner.get(item.ownerId) ?? new Set<string>();
  work.byOwner.set(item.ownerId, owned.add(key));
}

function hand(work: OpenWork, kind: WorkKind, id: string, ownerId: string, dueAt?: Instant): void {
  const item = work.items.get(keyOf(kind, id));
  give(work, { ...item, kind, id, ownerId, ...(dueAt && { dueAt }) });
}

export const openItem = (work: OpenWork, kind: WorkKind, id: string): WorkItem | undefined => work.items.get(keyOf(kind, id));

/** A member's open items of one kind, oldest first. */
export const ownedBy = (work: OpenWork, ownerId: string, kind: WorkKind): WorkItem[] =>
  [...(work.byOwner.get(ownerId) ?? [])].flatMap((key) => (key.startsWith(`${kind}/`) ? (work.items.get(key) ?? []) : []));

/** How many items a member has that count against their capacity: clients are looked after, they are no open item. */
export function loadOf(work: OpenWork, memberId: string): number {
  let load = 0;
  for (const key of work.byOwner.get(memberId) ?? []) if (!key.startsWith('client/')) load += 1;
  return load;
}

/** Follows open work; changes it in place. */
export function evolveOpenWork(work: OpenWork, event: Recorded<OpenWorkEvent>): void {
  switch (event.type) {
    case 'LeadCaptured': {
      const { leadId, ownerId, region } = event.data;
      return ownerId === undefined ? undefined : give(work, { kind: 'lead', id: leadId, ownerId, ...(region && { region }) });
    }
    case 'LeadAssigned': return hand(work, 'lead', event.data.leadId, event.data.ownerId);
    case 'LeadDisqualified':
    case 'LeadConverted':
    case 'LeadMerged': return done(work, 'lead', event.data.leadId);
    case 'DealOpened': return give(work, { kind: 'deal', id: event.data.dealId, ownerId: event.data.ownerId, ...(event.data.region && { region: event.data.region }) });
    case 'DealReassigned':
    case 'DealReopened': return hand(work, 'deal', event.data.dealId, event.data.ownerId);
    case 'DealClosed': return done(work, 'deal', event.data.dealId);
    case 'ClientOnboarded':
    case 'ClientReassigned':
    case 'ClientWonBack': return hand(work, 'client', event.data.clientId, event.data.ownerId);
    case 'ClientChurned': return done(work, 'client', event.data.clientId);
    case 'CaseOpened': return give(work, { kind: 'case', id: event.data.caseId, ownerId: event.data.ownerId, dueAt: event.data.resolutionDueAt, subject: event.data.subject });
    case 'CaseEscalated': return hand(work, 'case', event.data.caseId, event.data.ownerId);
    case 'CaseResolved': return done(work, 'case', event.data.caseId);
    case 'TaskAllocated': return give(work, { kind: 'task', id: event.data.taskId, ownerId: event.data.ownerId, dueAt: event.data.dueAt, ...(event.data.subject && { subject: event.data.subject }) });
    case 'TaskReassigned': return hand(work, 'task', event.data.taskId, event.data.ownerId);
    case 'TaskCompleted':
    case 'TaskCancelled': return done(work, 'task', event.data.taskId);
    case 'FollowUpScheduled': return give(work, { kind: 'followUp', id: event.data.followUpId, ownerId: event.data.ownerId, dueAt: event.data.dueAt, subject: event.data.subject });
    case 'FollowUpRescheduled': {
      const item = openItem(work, 'followUp', event.data.followUpId);
      return item && give(work, { ...item, dueAt: event.data.dueAt });
    }
    case 'FollowUpCompleted':
    case 'FollowUpCancelled': return done(work, 'followUp', event.data.followUpId);
    default: return undefined;
  }
}
