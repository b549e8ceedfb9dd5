import { build } from '../../kernel/command.js';
import type { Instant } from '../../kernel/event.js';
import { endOfDay, localDay } from '../../kernel/local-time.js';
import { listSetting, NEW_ID, numberSetting, rule, type Reaction } from '../../kernel/rule.js';
import { addBusinessMinutes } from '../business-hours.js';
import { HAND_OVER, handOver } from '../hand-over.js';
import type { LeadEvent } from '../lead/events.js';
import type { MeetingEvent } from '../meeting/events.js';
import type { SubjectRef } from '../subject.js';
import { hoursOf, teamWork, type TeamWork } from '../team-work.js';
import { daysLater } from '../working-time.js';
import { agenda, restsBecause, stepsDone, type Agenda } from './agenda.js';
import { CancelFollowUp, ScheduleFollowUp } from './commands.js';
import type { FollowUpEvent } from './events.js';

const HOUR_MINUTES = 60;
const LATE_HOURS = 8;

interface Next {
  readonly subject: SubjectRef;
  readonly ownerId: string;
  readonly dueAt: Instant;
  readonly because: string;
}

/** Plans it, unless the subject is closed or has a follow-up besides `done`; the reason is seen either way. */
function planNext(state: Agenda, { subject, ownerId, dueAt, because }: Next, done?: string): Reaction[] {
  const rests = restsBecause(state, subject, done);
  if (rests !== undefined) return [{ because: rests }];
  return [{ command: build(ScheduleFollowUp, { followUpId: NEW_ID, subject, ownerId, dueAt, note: because }), because }];
}

export const firstFollowUp = rule<Agenda, LeadEvent>({
  name: 'first_follow_up',
  summary: 'Plans the first follow-up when a lead is qualified, some working hours of its owner later',
  memory: agenda,
  defaults: { workingHours: 8 },
  on: ['LeadQualified'],
  react(state, event, settings) {
    if (event.type !== 'LeadQualified') return [];
    const { leadId, ownerId } = event.data;
    if (ownerId === undefined) return [{ because: 'the lead has no owner' }];
    const dueAt = addBusinessMinutes(event.occurredAt, Math.max(1, numberSetting(settings, 'workingHours') * HOUR_MINUTES), hoursOf(state, ownerId, event.occurredAt));
    return planNext(state, { subject: { kind: 'lead', id: leadId }, ownerId, dueAt, because: 'the lead was qualified' });
  },
});

export const followUpCadence = rule<Agenda, FollowUpEvent>({
  name: 'follow_up_cadence',
  summary: 'Plans the next follow-up when one is done, at growing distances, until the subject is closed or wants no more',
  memory: agenda,
  /** Days from each follow-up to the next; after the last there is none. `stopsAfter`: outcomes that end it. */
  defaults: { daysBetween: ['2', '4', '7', '14'], stopsAfter: ['not_interested', 'meeting_agreed'] },
  on: ['FollowUpCompleted'],
  react(state, event, settings) {
    if (event.type !== 'FollowUpCompleted') return [];
    const { followUpId, outcome } = event.data;
    const known = state.planned.get(followUpId);
    if (!known) return [];
    if (listSetting(settings, 'stopsAfter').includes(outcome)) return [{ because: `the follow-up ended with ${outcome}` }];
    const { subject, ownerId } = known;
    const step = stepsDone(state, subject);
    const days = Number(listSetting(settings, 'daysBetween')[step - 1]);
    if (!(days > 0)) return [{ because: `${step} follow-ups were done, the last of the cadence` }];
    const dueAt = daysLater(event.occurredAt, days, hoursOf(state, ownerId, event.occurredAt));
    return planNext(state, { subject, ownerId, dueAt, because: `follow-up ${step} was done; the next is ${days} days later` }, followUpId);
  },
});

export const meetingFollowUp = rule<Agenda, MeetingEvent>({
  name: 'meeting_follow_up',
  summary: 'Plans a follow-up when a meeting was held, and sooner when the other side did not come',
  memory: agenda,
  /** Of the one who held it. */
  defaults: { workingHoursAfterHeld: 8, workingHoursAfterMissed: 2 },
  on: ['MeetingHeld', 'MeetingMissed'],
  react(state, event, settings) {
    if (event.type !== 'MeetingHeld' && event.type !== 'MeetingMissed') return [];
    const meeting = state.meetings.get(event.data.meetingId);
    if (!meeting) return [];
    if (event.type === 'MeetingHeld' && event.data.outcome === 'not_interested') return [{ because: 'the meeting ended with not_interested' }];
    const hours = numberSetting(settings, event.type === 'MeetingHeld' ? 'workingHoursAfterHeld' : 'workingHoursAfterMissed');
    const dueAt = addBusinessMinutes(event.occurredAt, Math.max(1, hours * HOUR_MINUTES), hoursOf(state, meeting.ownerId, event.occurredAt));
    return planNext(state, { ...meeting, dueAt, because: event.type === 'MeetingHeld' ? 'the meeting was held' : 'the other side did not come to the meeting' });
  },
});

/** What was late when it was handed on is due when its new owner has had the next working day for it; the same all day, however often it is worked out. */
function dueAgain(team: TeamWork, now: Instant, ownerId: string): Instant {
  const hours = hoursOf(team, ownerId, now);
  return addBusinessMinutes(endOfDay(localDay(now, hours.zone), hours.zone), LATE_HOURS * HOUR_MINUTES, hours);
}

/** A follow-up cannot change hands: it is planned anew for another, at the same time or soon where that has passed, and then cancelled. */
export const handOverFollowUps = rule<TeamWork, FollowUpEvent>({
  ...HAND_OVER, part: 'follow_ups', memory: teamWork, on: [],
  due: (team, now, settings) =>
    handOver(team, now, settings, 'followUp', ({ id, subject, dueAt }, ownerId, reason) =>
      (subject === undefined || dueAt === undefined ? [] : [
        build(ScheduleFollowUp, { followUpId: NEW_ID, subject, ownerId, dueAt: dueAt > now ? dueAt : dueAgain(team, now, ownerId), note: reason }), build(CancelFollowUp, { followUpId: id, reason }),
      ])),
});
