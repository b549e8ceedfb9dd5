import type { LeadEvent } from '../../libs/domain/lead/events.js';
import { begun, revised, type Change } from '../../libs/domain/in-force.js';
import type { MeetingEvent } from '../../libs/domain/meeting/events.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import type { TargetAttainmentTable } from './target-attainment.tables.js';

const WHOLE_PERCENT = 100;

/** A meeting, and the event by which it was held. */
export interface MeetingCredit {
  readonly kind: 'meeting';
  readonly ownerId: string;
  readonly held?: { readonly eventId: string; readonly at: Instant };
}

/** A lead, its owner, and the event by which it was first qualified. */
export interface LeadCredit {
  readonly kind: 'lead';
  readonly ownerId?: string;
  readonly changes: readonly Change<{ readonly ownerId?: string }>[];
  readonly qualified?: { readonly eventId: string; readonly at: Instant; readonly ownerId?: string };
  /** The other lead of this duplicate goes on: what this one brought is not counted. */
  readonly merged?: true;
}

export type CreditedMeetingEvent = Extract<MeetingEvent, { type: 'MeetingScheduled' | 'MeetingHeld' }>;
export type CreditedLeadEvent = Extract<LeadEvent, { type: 'LeadCaptured' | 'LeadAssigned' | 'LeadQualified' | 'LeadMerged' }>;

export function evolveMeeting(meeting: MeetingCredit | undefined, event: Recorded<CreditedMeetingEvent>): MeetingCredit | undefined {
  if (event.type === 'MeetingScheduled') return { kind: 'meeting', ownerId: event.data.ownerId };
  return meeting && { ...meeting, held: { eventId: event.id, at: event.occurredAt } };
}

export function evolveLead(lead: LeadCredit | undefined, event: Recorded<CreditedLeadEvent>): LeadCredit | undefined {
  if (event.type === 'LeadCaptured') return { kind: 'lead', ...begun(event.occurredAt, event.data.ownerId === undefined ? {} : { ownerId: event.data.ownerId }) };
  if (!lead) return undefined;
  switch (event.type) {
    case 'LeadAssigned': return revised(lead, event.occurredAt, { ownerId: event.data.ownerId });
    case 'LeadMerged': return { ...lead, merged: true };
    case 'LeadQualified': {
      const { ownerId } = event.data;
      return lead.qualified ? lead : { ...lead, qualified: { eventId: event.id, at: event.occurredAt, ...(ownerId !== undefined && { ownerId }) } };
    }
  }
}

const counted = (kind: string, subject: string, subjectId: string, eventId: string, at: Instant): Row =>
  ({ event_id: eventId, share: 1, kind, subject, subject_id: subjectId, occurred_at: at, roster_at: at, percent: WHOLE_PERCENT, value_minor: 0 });

export function meetingRows({ ownerId, held }: MeetingCredit, meetingId: string): Rows<TargetAttainmentTable> {
  return { achievement: held ? [{ ...counted('held', 'meeting', meetingId, held.eventId, held.at), credited: 'always', member_id: ownerId }] : [] };
}

export function leadRows({ ownerId, qualified, merged }: LeadCredit, leadId: string): Rows<TargetAttainmentTable> {
  if (!qualified || merged) return {};
  const fact = counted('qualified', 'lead', leadId, qualified.eventId, qualified.at);
  const then = qualified.ownerId ?? null;
  const now = ownerId ?? null;
  return { achievement: then === now ? [{ ...fact, credited: 'always', member_id: now }] : [{ ...fact, credited: 'at-event', member_id: then }, { ...fact, credited: 'current', member_id: now }] };
}
