import type { Recorded } from '../../kernel/event.js';
import type { Memory } from '../../kernel/rule.js';
import type { ClientEvent } from '../client/events.js';
import type { DealEvent } from '../deal/events.js';
import type { LeadEvent } from '../lead/events.js';
import type { MeetingEvent } from '../meeting/events.js';
import type { SubjectKind, SubjectRef } from '../subject.js';
import { evolveTeam, isTeamEvent, noTeam, TEAM_EVENTS, type Team, type TeamEvent } from '../team-work.js';
import type { FollowUpEvent } from './events.js';

interface Planned {
  readonly subject: SubjectRef;
  readonly ownerId: string;
}

/** What rules remember of follow-ups, and of what they are about. */
export interface Agenda extends Team {
  /** Follow-ups that are neither done nor cancelled. */
  readonly planned: Map<string, Planned>;
  /** How many are planned with each subject. */
  readonly plannedWith: Map<string, number>;
  /** How many follow-ups in a row have been done with each subject. */
  readonly doneWith: Map<string, number>;
  /** Meetings to come. */
  readonly meetings: Map<string, Planned>;
  /** Leads that nothing more is to be asked of, closed deals, clients who have left. */
  readonly over: Set<string>;
}

export type AgendaEvent = FollowUpEvent | MeetingEvent | LeadEvent | DealEvent | ClientEvent | TeamEvent;

export const subjectKey = ({ kind, id }: SubjectRef): string => `${kind}/${id}`;

const count = (counts: Map<string, number>, key: string, by: number): void => {
  const now = (counts.get(key) ?? 0) + by;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
};

function plan(agenda: Agenda, followUpId: string, planned: Planned): void {
  if (!agenda.planned.has(followUpId)) count(agenda.plannedWith, subjectKey(planned.subject), 1);
  agenda.planned.set(followUpId, planned);
}

function off(agenda: Agenda, followUpId: string, isDone: boolean): void {
  const planned = agenda.planned.get(followUpId);
  if (!planned) return;
  agenda.planned.delete(followUpId);
  count(agenda.plannedWith, subjectKey(planned.subject), -1);
  if (isDone) count(agenda.doneWith, subjectKey(planned.subject), 1);
}

function end(agenda: Agenda, kind: SubjectKind, id: string): void {
  const key = subjectKey({ kind, id });
  agenda.over.add(key);
  agenda.doneWith.delete(key);
}

export const agenda: Memory<Agenda, AgendaEvent> = {
  name: 'agenda',
  version: 2,
  events: [
    ...TEAM_EVENTS, 'FollowUpScheduled', 'FollowUpCompleted', 'FollowUpCancelled', 'MeetingScheduled', 'MeetingHeld', 'MeetingCancelled', 'MeetingMissed',
    'LeadDisqualified', 'LeadConverted', 'LeadMerged', 'LeadReopened', 'DealClosed', 'DealReopened', 'ClientChurned', 'ClientWonBack',
  ],
  initial: () => ({ ...noTeam(), planned: new Map(), plannedWith: new Map(), doneWith: new Map(), meetings: new Map(), over: new Set() }),
  evolve(state, event) {
    if (isTeamEvent(event)) return evolveTeam(state, event);
    follow(state, event);
    return state;
  },
};

function follow(state: Agenda, event: Recorded<FollowUpEvent | MeetingEvent | LeadEvent | DealEvent | ClientEvent>): void {
  switch (event.type) {
    case 'FollowUpScheduled': return plan(state, event.data.followUpId, { subject: event.data.subject, ownerId: event.data.ownerId });
    case 'FollowUpCompleted': return off(state, event.data.followUpId, true);
    case 'FollowUpCancelled': return off(state, event.data.followUpId, false);
    case 'MeetingScheduled': return void state.meetings.set(event.data.meetingId, { subject: event.data.subject, ownerId: event.data.ownerId });
    case 'MeetingHeld':
    case 'MeetingCancelled':
    case 'MeetingMissed': return void state.meetings.delete(event.data.meetingId);
    case 'LeadDisqualified':
    case 'LeadConverted':
    case 'LeadMerged': return end(state, 'lead', event.data.leadId);
    case 'LeadReopened': return void state.over.delete(subjectKey({ kind: 'lead', id: event.data.leadId }));
    case 'DealClosed': return end(state, 'deal', event.data.dealId);
    case 'DealReopened': return void state.over.delete(subjectKey({ kind: 'deal', id: event.data.dealId }));
    case 'ClientChurned': return end(state, 'client', event.data.clientId);
    case 'ClientWonBack': return void state.over.delete(subjectKey({ kind: 'client', id: event.data.clientId }));
    default: return undefined;
  }
}

/** Why no follow-up with the subject is wanted now: it is over, or one besides `done` is planned already. */
export function restsBecause(state: Agenda, subject: SubjectRef, done?: string): string | undefined {
  if (state.over.has(subjectKey(subject))) return `the ${subject.kind} is closed`;
  const others = (state.plannedWith.get(subjectKey(subject)) ?? 0) - (done !== undefined && state.planned.has(done) ? 1 : 0);
  return others > 0 ? 'another follow-up is planned already' : undefined;
}

/** How many follow-ups in a row are done with the subject once this one is. */
export const stepsDone = (state: Agenda, subject: SubjectRef): number => (state.doneWith.get(subjectKey(subject)) ?? 0) + 1;

