import { build } from '../../kernel/command.js';
import { daysAfter, endOfDay } from '../../kernel/local-time.js';
import { NEW_ID, numberSetting, rule, type DueReaction, type Reaction } from '../../kernel/rule.js';
import { addBusinessMinutes } from '../business-hours.js';
import type { ClientEvent } from '../client/events.js';
import type { FollowUpEvent } from '../follow-up/events.js';
import { HAND_OVER, handOver } from '../hand-over.js';
import { asItWas } from '../in-force.js';
import { hasLeft } from '../roster.js';
import { hoursOf, teamOnly, teamWork, zoneOf, type Team, type TeamWork } from '../team-work.js';
import { daysLater } from '../working-time.js';
import { AllocateTask, ReassignTask } from './commands.js';
import type { TaskEvent } from './events.js';
import { misses, subjectKey, type Misses } from './misses.js';
import { certificateCause, certificates, renewalCause, renewals, type Certificates, type Renewals } from './reminders.js';

const HOUR_MINUTES = 60;
const TITLE_LENGTH_MAX = 200;
/** Reminders of one turn: the next minute brings the next. */
const REMINDERS_MAX = 500;

const short = (title: string): string => (title.length > TITLE_LENGTH_MAX ? `${title.slice(0, TITLE_LENGTH_MAX - 1)}…` : title);

export const escalateAfterSecondMiss = rule<Misses, FollowUpEvent>({
  name: 'escalate_after_second_miss',
  summary: 'Gives the manager a task when a second follow-up with the same subject is missed and none was done in between',
  memory: misses,
  /** `misses`: which one escalates. `workingHours`: how long the manager has, by their own hours. */
  defaults: { misses: 2, workingHours: 8 },
  on: ['FollowUpMissed'],
  react(state, event, settings) {
    const known = event.type === 'FollowUpMissed' ? state.followUps.get(event.data.followUpId) : undefined;
    if (!known) return [];
    const { subject, ownerId } = known;
    const missed = (state.missed.get(subjectKey(subject)) ?? 0) + 1;
    if (missed !== numberSetting(settings, 'misses')) return [];
    const because = `follow-up ${missed} with ${subject.kind} ${subject.id} in a row was missed by ${ownerId}`;
    const owner = state.roster.get(ownerId);
    const managerId = owner && asItWas(owner, event.occurredAt).managerId;
    const manager = managerId === undefined ? undefined : state.roster.get(managerId);
    if (!manager || hasLeft(manager, event.occurredAt)) return [{ because: `${because}, who has no manager to turn to` }];
    const dueAt = addBusinessMinutes(event.occurredAt, Math.max(1, numberSetting(settings, 'workingHours') * HOUR_MINUTES), hoursOf(state, manager.memberId, event.occurredAt));
    return [{ command: build(AllocateTask, { taskId: NEW_ID, title: short(`Missed follow-ups: ${subject.kind} ${subject.id}`), ownerId: manager.memberId, dueAt, subject, note: because }), because }];
  },
});

const ONBOARDING = [
  { setting: 'kickOffDays', title: 'Kick-off with' },
  { setting: 'checkInDays', title: 'First check-in with' },
  { setting: 'reviewDays', title: 'Review the start with' },
] as const;

export const onboardingTask = rule<Team, ClientEvent>({
  name: 'onboarding_task',
  summary: 'Allocates the tasks of an onboarding to the one who looks after the client',
  memory: teamOnly,
  /** Days after the onboarding; 0: no such task. */
  defaults: { kickOffDays: 3, checkInDays: 14, reviewDays: 60 },
  on: ['ClientOnboarded'],
  react(team, event, settings): Reaction[] {
    if (event.type !== 'ClientOnboarded') return [];
    const { clientId, ownerId, name } = event.data;
    return ONBOARDING.filter(({ setting }) => numberSetting(settings, setting) > 0).map(({ setting, title }) => ({
      command: build(AllocateTask, { taskId: NEW_ID, title: short(`${title} ${name}`), ownerId, dueAt: daysLater(event.occurredAt, numberSetting(settings, setting), hoursOf(team, ownerId, event.occurredAt)), subject: { kind: 'client', id: clientId } }),
      because: 'the client was onboarded',
    }));
  },
});

export const renewalReminder = rule<Renewals, TaskEvent>({
  name: 'renewal_reminder',
  summary: 'Allocates a task to the one who looks after a client some days before its renewal lapses',
  memory: renewals,
  defaults: { daysBefore: 30 },
  on: [],
  due(state, now, settings) {
    const { clients, reminded } = state;
    const days = numberSetting(settings, 'daysBefore');
    const reactions: DueReaction[] = [];
    for (const { clientId, name, ownerId, renewal } of clients.values()) {
      if (!renewal || renewal.lapsesAt <= now || daysAfter(renewal.lapsesAt, -days, zoneOf(state, ownerId, now)) > now) continue;
      const cause = renewalCause(clientId, renewal);
      if (reminded.has(cause)) continue;
      reminded.add(cause);
      const command = build(AllocateTask, { taskId: NEW_ID, title: short(`Renewal of ${name}`), ownerId, dueAt: renewal.lapsesAt, subject: { kind: 'client', id: clientId } });
      reactions.push({ cause, command, because: `the renewal lapses with ${renewal.on}, in ${days} days or less` });
      if (reactions.length >= REMINDERS_MAX) break;
    }
    return reactions;
  },
});

export const certificateReminder = rule<Certificates, TaskEvent>({
  name: 'certificate_reminder',
  summary: 'Allocates a task to a member some days before one of their certificates expires',
  memory: certificates,
  defaults: { daysBefore: 60 },
  on: [],
  due(state, now, settings) {
    const days = numberSetting(settings, 'daysBefore');
    const reactions: DueReaction[] = [];
    for (const held of state.held.values()) {
      const member = state.roster.get(held.memberId);
      if (!member || hasLeft(member, now)) continue;
      const dueAt = endOfDay(held.expiresOn, member.zone);
      const cause = certificateCause(held);
      if (dueAt <= now || daysAfter(dueAt, -days, member.zone) > now || state.reminded.has(cause)) continue;
      state.reminded.add(cause);
      const command = build(AllocateTask, { taskId: NEW_ID, title: short(`Renew the certificate ${held.certificate}`), ownerId: held.memberId, dueAt });
      reactions.push({ cause, command, because: `the certificate expires on ${held.expiresOn}, in ${days} days or less` });
      if (reactions.length >= REMINDERS_MAX) break;
    }
    return reactions;
  },
});

export const handOverTasks = rule<TeamWork, TaskEvent>({
  ...HAND_OVER, part: 'tasks', memory: teamWork, on: [],
  due: (team, now, settings) => handOver(team, now, settings, 'task', ({ id }, ownerId, reason) => [build(ReassignTask, { taskId: id, ownerId, reason })]),
});
