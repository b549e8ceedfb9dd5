import { CancelFollowUp, CompleteFollowUp, RescheduleFollowUp, ScheduleFollowUp } from '../../domain/follow-up/commands.js';
import type { FollowUpChannel, FollowUpOutcome } from '../../domain/follow-up/events.js';
import type { SubjectRef } from '../../domain/subject.js';
import { build } from '../../kernel/command.js';
import { instant } from '../world.js';
import type { Company } from './company.js';
import type { Held, Person } from './person.js';
import { DAY_MS, HOUR_MS } from './work-time.js';

const OUTCOMES: Readonly<Partial<Record<FollowUpOutcome, number>>> = { reached: 50, no_answer: 18, left_message: 14, meeting_agreed: 10, not_interested: 5, other: 3 };
const CHANNELS: Readonly<Partial<Record<FollowUpChannel, number>>> = { call: 55, email: 30, visit: 5, chat: 10 };
const RESCHEDULE_CHANCE = 0.07;
const CANCEL_CHANCE = 0.04;
/** Of those not done in time, how many are done later. */
const LATE_CHANCE = 0.7;
/** Of those not done in time, how many are done within the grace, before the clock says that they were missed. */
const WITHIN_GRACE_CHANCE = 0.25;
const REVIVE_CHANCE = 0.25;

interface FollowUp extends Held {
  readonly id: string;
  dueMs: number;
  isOpen: boolean;
}

/** What a follow-up is about, and what comes of it when it is done. */
export interface FollowUpPlan {
  readonly subject: SubjectRef;
  readonly days: number;
  readonly then?: (outcome: FollowUpOutcome) => void;
}

/** Plans a contact for `owner`. It is done in time, late or never, as its owner is; a late one may be marked missed by the clock first. */
export function planFollowUp(company: Company, owner: Person, plan: FollowUpPlan): void {
  const id = company.world.id('follow-up');
  const random = company.world.random.fork(id);
  const followUp: FollowUp = {
    id, owner, isOpen: true, dueMs: company.slot(owner, plan.days, random),
    handOver: (from) => {
      company.send(company.managerOf(from), build(CancelFollowUp, { followUpId: followUp.id, reason: `${from.name} leaves` }));
      close();
      planFollowUp(company, followUp.owner, { ...plan, days: 1 });
    },
  };
  const close = (): void => {
    followUp.isOpen = false;
    company.release(followUp);
  };
  const later = (atMs: number, run: () => void): void => company.world.at(atMs, () => { if (followUp.isOpen) run(); });
  const complete = (): void => {
    const outcome = random.word(OUTCOMES);
    company.send(followUp.owner, build(CompleteFollowUp, { followUpId: followUp.id, outcome }));
    close();
    plan.then?.(outcome);
  };
  const reschedule = (reason: string): void => {
    followUp.dueMs = company.slot(followUp.owner, random.whole(1, 4), random);
    company.send(followUp.owner, build(RescheduleFollowUp, { followUpId: followUp.id, dueAt: instant(followUp.dueMs), reason }));
    inTime();
  };
  const inTime = (): void => later(Math.max(company.nowMs + HOUR_MS / 4, followUp.dueMs - random.between(0, 4) * HOUR_MS), complete);

  company.hold(followUp);
  company.send(owner, build(ScheduleFollowUp, { followUpId: followUp.id, subject: plan.subject, ownerId: owner.id, dueAt: instant(followUp.dueMs), channel: random.word(CHANNELS) }));
  const beforeDue = Math.max(company.nowMs + HOUR_MS / 2, followUp.dueMs - HOUR_MS);
  if (random.chance(CANCEL_CHANCE)) {
    return later(beforeDue, () => {
      company.send(followUp.owner, build(CancelFollowUp, { followUpId: followUp.id, reason: random.pick(['they called us first', 'no longer needed', 'planned twice']) }));
      close();
      plan.then?.('other');
    });
  }
  if (random.chance(RESCHEDULE_CHANCE)) return later(beforeDue, () => reschedule(random.pick(['asked for another day', 'clash', 'waiting for the offer'])));
  if (random.chance(owner.diligence)) return inTime();
  const overMs = followUp.dueMs + company.followUpGraceMinutes * 60_000;
  if (random.chance(WITHIN_GRACE_CHANCE)) return later(random.between(followUp.dueMs + 1_000, overMs - 1_000), complete);
  if (random.chance(LATE_CHANCE)) return later(followUp.dueMs + random.lognormal(0.8, 1) * owner.pace * DAY_MS, complete);
  if (random.chance(REVIVE_CHANCE)) later(overMs + random.between(0.5, 6) * DAY_MS, () => reschedule('slipped'));
}
