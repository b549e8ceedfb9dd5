import type { DealEvent } from '../../libs/domain/deal/events.js';
import { begun, revised, type Change } from '../../libs/domain/in-force.js';
import type { LeadEvent } from '../../libs/domain/lead/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Rows } from '../../libs/kernel/projection.js';
import type { AgendaTable } from './agenda.tables.js';
import { short } from './planned-work.js';

/** A deal’s name, and what stands in its way. */
export interface DealSubject {
  readonly kind: 'deal';
  readonly name: string;
  readonly ownerId: string;
  /** Who had it from when on: what is told late takes its place in between. */
  readonly changes: readonly Change<{ readonly ownerId: string }>[];
  readonly roadblocks: Readonly<Record<string, { readonly cause: string; readonly at: Instant }>>;
}

/** A lead by its company: the person’s name is theirs. */
export interface LeadSubject {
  readonly kind: 'lead';
  readonly title: string;
  readonly ownerId?: string;
  readonly changes: readonly Change<{ readonly ownerId?: string }>[];
}

export type DealSubjectEvent = Extract<DealEvent, { type: 'DealOpened' | 'DealReassigned' | 'RoadblockRaised' | 'RoadblockCleared' | 'DealClosed' }>;
export type LeadSubjectEvent = Extract<LeadEvent, { type: 'LeadCaptured' | 'LeadAssigned' }>;

export function evolveDeal(deal: DealSubject | undefined, event: Recorded<DealSubjectEvent>): DealSubject | undefined {
  if (event.type === 'DealOpened') return { kind: 'deal', name: short(event.data.name), ...begun(event.occurredAt, { ownerId: event.data.ownerId }), roadblocks: {} };
  if (!deal) return undefined;
  switch (event.type) {
    case 'DealReassigned': return revised(deal, event.occurredAt, { ownerId: event.data.ownerId });
    case 'RoadblockRaised': return { ...deal, roadblocks: { ...deal.roadblocks, [event.data.roadblockId]: { cause: event.data.cause, at: event.occurredAt } } };
    case 'DealClosed': return { ...deal, roadblocks: {} }; // nothing stands in the way of what is over
    case 'RoadblockCleared': {
      const { [event.data.roadblockId]: _, ...standing } = deal.roadblocks;
      return { ...deal, roadblocks: standing };
    }
  }
}

export function evolveLead(lead: LeadSubject | undefined, event: Recorded<LeadSubjectEvent>): LeadSubject | undefined {
  if (event.type === 'LeadAssigned') return lead && revised(lead, event.occurredAt, { ownerId: event.data.ownerId });
  const { company, source, ownerId } = event.data;
  return { kind: 'lead', title: short(company ?? `Lead from ${source}`), ...begun(event.occurredAt, ownerId === undefined ? {} : { ownerId }) };
}

export const dealRows = ({ name, ownerId, roadblocks }: DealSubject, id: string): Rows<AgendaTable> => ({
  subject: [{ subject_kind: 'deal', subject_id: id, title: name, owner_id: ownerId, deal_id: id }],
  roadblock: Object.entries(roadblocks).map(([roadblock, { cause, at }]) => ({ deal_id: id, roadblock_id: roadblock, cause, raised_at: at })),
});

export const leadRows = ({ title, ownerId }: LeadSubject, id: string): Rows<AgendaTable> => ({ subject: [{ subject_kind: 'lead', subject_id: id, title, owner_id: ownerId ?? null, deal_id: null }] });
