import { CancelMeeting, HoldMeeting, MarkNoShow, RescheduleMeeting, ScheduleMeeting } from '../../domain/meeting/commands.js';
import type { MeetingOutcome } from '../../domain/meeting/events.js';
import type { SubjectRef } from '../../domain/subject.js';
import { build } from '../../kernel/command.js';
import { instant } from '../world.js';
import type { Company } from './company.js';
import { isMemberAt, type Held, type Person } from './person.js';
import { DAY_MS, HOUR_MS } from './work-time.js';

const RESCHEDULE_CHANCE = 0.14;
const RESCHEDULES_MAX = 2;
const CANCEL_CHANCE = 0.07;
const CANCELLED_BY_US_CHANCE = 0.35;
const NO_SHOW_CHANCE = 0.1;
const ATTENDEE_CHANCE = 0.3;
const MINUTE_MS = 60_000;

export type MeetingEnd = MeetingOutcome | 'cancelled' | 'no_show';

export interface MeetingPlan {
  readonly subject: SubjectRef;
  readonly title: string;
  readonly days: number;
  /** How likely the other side is to come and to like it, around 1. */
  readonly quality: number;
  readonly then?: (end: MeetingEnd) => void;
}

/** Puts a meeting on the calendar of `owner`, or of somebody else where they will have left by then. */
export function planMeeting(company: Company, owner: Person, plan: MeetingPlan): void {
  const meetingId = company.world.id('meeting');
  const random = company.world.random.fork(meetingId);
  const lengthMs = random.pick([30, 45, 60, 60, 90]) * MINUTE_MS;
  let startMs = company.slot(owner, plan.days, random);
  // Whoever holds a meeting must still be there when it starts, moved or not.
  const staysMs = startMs + RESCHEDULES_MAX * 15 * DAY_MS;
  const holder = isMemberAt(owner, staysMs) ? owner : company.someone(owner.role, random, { region: owner.region, atMs: staysMs });
  const meeting: Held = { owner: isMemberAt(holder, company.nowMs) ? holder : owner, handOver: () => undefined };
  if (!isMemberAt(meeting.owner, staysMs)) return plan.then?.('cancelled');
  const end = (how: MeetingEnd): void => plan.then?.(how);

  const attendees = company.present(staysMs).filter((person) => person !== meeting.owner && person.role === 'executive' && isMemberAt(person, company.nowMs));
  const attendeeIds = attendees.length > 0 && random.chance(ATTENDEE_CHANCE) ? [random.pick(attendees).id] : [];
  company.send(owner, build(ScheduleMeeting, {
    meetingId, subject: plan.subject, title: plan.title, ownerId: meeting.owner.id, ...(attendeeIds.length > 0 && { attendeeIds }),
    startsAt: instant(startMs), endsAt: instant(startMs + lengthMs), location: random.pick(['video call', 'video call', 'their office', 'our office', 'telephone']),
  }));
  const before = (): number => random.between(company.nowMs, startMs - HOUR_MS / 2);
  const await_ = (reschedules: number): void => {
    if (reschedules < RESCHEDULES_MAX && random.chance(RESCHEDULE_CHANCE)) {
      return company.world.at(before(), () => {
        startMs = company.slot(meeting.owner, random.whole(1, 9), random);
        company.send(meeting.owner, build(RescheduleMeeting, { meetingId, startsAt: instant(startMs), endsAt: instant(startMs + lengthMs), reason: random.pick(['they asked for another day', 'clash', 'ill', 'decision maker away']) }));
        await_(reschedules + 1);
      });
    }
    if (random.chance(CANCEL_CHANCE)) {
      const by = random.chance(CANCELLED_BY_US_CHANCE) ? 'us' : 'them';
      return company.world.at(before(), () => {
        company.send(meeting.owner, build(CancelMeeting, { meetingId, by, reason: random.pick(['no longer needed', 'another priority', 'clash']) }));
        end('cancelled');
      });
    }
    if (random.chance(NO_SHOW_CHANCE / plan.quality)) {
      return company.world.at(startMs + random.whole(10, 25) * MINUTE_MS, () => {
        company.send(meeting.owner, build(MarkNoShow, { meetingId }));
        end('no_show');
      });
    }
    company.world.at(startMs + lengthMs + random.whole(2, 90) * MINUTE_MS, () => {
      const outcome = random.word<MeetingOutcome>({ progressed: 55 * plan.quality * meeting.owner.skill, no_change: 22, not_interested: 16, other: 4 });
      company.send(meeting.owner, build(HoldMeeting, { meetingId, outcome }));
      end(outcome);
    });
  };
  await_(0);
}
