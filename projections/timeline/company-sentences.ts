import type { AutomationEvent } from '../../libs/domain/automation/events.js';
import type { BonusEvent } from '../../libs/domain/bonus/events.js';
import type { CalendarFeedEvent } from '../../libs/domain/calendar-feed/events.js';
import type { CaseEvent } from '../../libs/domain/case/events.js';
import type { ClientEvent } from '../../libs/domain/client/events.js';
import type { ContactEvent } from '../../libs/domain/contact/events.js';
import type { EnablementEvent } from '../../libs/domain/enablement/events.js';
import type { MemberEvent } from '../../libs/domain/member/events.js';
import type { PolicyEvent } from '../../libs/domain/policy/events.js';
import type { ReportsEvent } from '../../libs/domain/reports/events.js';
import type { SurveyEvent } from '../../libs/domain/survey/events.js';
import type { TargetEvent } from '../../libs/domain/target/events.js';
import type { TaskEvent } from '../../libs/domain/task/events.js';
import type { WorkLogEvent } from '../../libs/domain/work-log/events.js';
import { about, also, listed, money, when, words, type Sentences } from './wording.js';

const cases: Sentences<CaseEvent> = {
  CaseOpened: ({ kind, title, ownerId, subject, resolutionDueAt }) => `Case “${title}” (${kind}) about ${about(subject)} opened for ${ownerId}, to be resolved by ${when(resolutionDueAt)}.`,
  CaseResponded: ({ memberId, first, businessMinutes }) => `${memberId} answered the case${first ? ` for the first time, after ${businessMinutes} business minutes` : ''}.`,
  CaseEscalated: ({ ownerId, from, level, reason }) => `Case escalated from ${from} to ${ownerId}, level ${level}: ${reason}.`,
  CaseResolved: ({ memberId, businessMinutes, resolution }) => `${memberId} resolved the case after ${businessMinutes} business minutes: ${resolution}.`,
  CaseReopened: ({ reason, resolutionDueAt }) => `Case reopened, to be resolved by ${when(resolutionDueAt)}: ${reason}.`,
  PolicyExceptionApproved: ({ policy, approvedBy, reason, amount }) => `${approvedBy} approved an exception from “${policy}”${also(', ', amount && money(amount))}: ${reason}.`,
  PromiseMade: ({ memberId, promise, dueAt }) => `${memberId} promised by ${when(dueAt)}: ${promise}.`,
  PromiseKept: ({ promiseId, note }) => `Promise ${promiseId} kept${also(': ', note)}.`,
  PromiseBroken: ({ promiseId, dueAt }) => `Promise ${promiseId} not kept by ${when(dueAt)}.`,
  CaseServiceLevelBreached: ({ kind, dueAt }) => `Service level breached: no ${words(kind)} by ${when(dueAt)}.`,
};

const clients: Sentences<ClientEvent> = {
  ClientOnboarded: ({ name, ownerId, monthlyRevenue, renewal }) => `Client “${name}” onboarded by ${ownerId}, ${money(monthlyRevenue)} a month${also(', up for renewal on ', renewal?.on)}.`,
  PurchaseRecorded: ({ amount, product }) => `Client bought${also(' ', product)} for ${money(amount)}.`,
  ClientRenewed: ({ monthlyRevenue, renewal }) => `Client renewed until ${renewal.on} at ${money(monthlyRevenue)} a month.`,
  ClientExpanded: ({ from, to, reason }) => `Client expanded from ${money(from)} to ${money(to)} a month${also(': ', reason)}.`,
  ClientDownsized: ({ from, to, reason }) => `Client downsized from ${money(from)} to ${money(to)} a month${also(': ', reason)}.`,
  ClientChurned: ({ from, reason }) => `Client left, was ${money(from)} a month: ${words(reason)}.`,
  ClientWonBack: ({ to }) => `Client won back at ${money(to)} a month.`,
  ClientReassigned: ({ ownerId, from, reason }) => `Client handed from ${from} to ${ownerId}${also(': ', reason)}.`,
  RenewalLapsed: ({ renewal }) => `Renewal of ${renewal.on} lapsed.`,
};

const surveys: Sentences<SurveyEvent> = {
  SurveySent: ({ kind, subject }) => `Survey (${kind}) about ${about(subject)} sent.`,
  SurveyAnswered: ({ kind, score, subject }) => `Survey (${kind}) about ${about(subject)} answered with ${score}.`,
};

const tasks: Sentences<TaskEvent> = {
  TaskAllocated: ({ title, ownerId, dueAt, subject }) => `Task “${title}”${also(' about ', subject && about(subject))} given to ${ownerId}, due ${when(dueAt)}.`,
  TaskReassigned: ({ ownerId, from, reason }) => `Task handed from ${from} to ${ownerId}${also(': ', reason)}.`,
  TaskCompleted: ({ spentMinutes }) => `Task done${also(' in ', spentMinutes === undefined ? undefined : String(spentMinutes), ' minutes')}.`,
  TaskCancelled: ({ reason }) => `Task cancelled: ${reason}.`,
  TaskOverdue: ({ dueAt }) => `Task not done by ${when(dueAt)}.`,
};

const members: Sentences<MemberEvent> = {
  MemberAdded: ({ memberId, role, teamId, zone }) => `${memberId} joined as ${role}${also(' in team ', teamId)}, ${zone}.`,
  RoleChanged: ({ memberId, role, from }) => `${memberId} became ${role}, was ${from}.`,
  MemberMovedToTeam: ({ memberId, teamId, managerId }) => `${memberId} moved to team ${teamId}${also(', led by ', managerId)}.`,
  WorkCalendarSet: ({ memberId, hours, weekdays, zone }) => `${memberId} works ${hours.from} to ${hours.to} on ${weekdays.length} days a week, ${zone}.`,
  CapacitySet: ({ memberId, openItemsMax }) => `${memberId} can take ${openItemsMax} open items.`,
  AbsenceRecorded: ({ memberId, firstDay, lastDay }) => `${memberId} away from ${firstDay} to ${lastDay}.`,
  MemberOffboarded: ({ memberId, leftAt }) => `${memberId} leaves at ${when(leftAt)}.`,
};

const workLog: Sentences<WorkLogEvent> = {
  WorkLogged: ({ memberId, minutes, category, on, automated }) => (automated ? `A machine saved ${memberId} ${minutes} minutes of ${words(category)} on ${on}.` : `${memberId} logged ${minutes} minutes of ${words(category)} on ${on}.`),
  WorkCorrected: ({ memberId, minutes, category, on, from }) => `${memberId} corrected ${from.minutes} minutes of ${words(from.category)} on ${from.on} to ${minutes} of ${words(category)} on ${on}.`,
};

const enablement: Sentences<EnablementEvent> = {
  TrainingAssigned: ({ memberId, course, dueOn }) => `${memberId} is to take “${course}”${also(' by ', dueOn)}.`,
  TrainingCompleted: ({ memberId, course, scorePercent }) => `${memberId} completed “${course}”${also(' with ', scorePercent === undefined ? undefined : String(scorePercent), ' %')}.`,
  CertificationRecorded: ({ memberId, certificate, issuedOn, expiresOn }) => `${memberId} certified “${certificate}” on ${issuedOn}${also(', until ', expiresOn)}.`,
  CertificateExpired: ({ memberId, certificate, expiresOn }) => `Certificate “${certificate}” of ${memberId} expired with ${expiresOn}.`,
  MaterialPublished: ({ title, kind, edition }) => `Material “${title}” (${words(kind)}) published${also(', edition ', edition)}.`,
  MaterialShared: ({ materialId, memberId, subject }) => `${memberId} shared material ${materialId} with ${about(subject)}.`,
};

const targets: Sentences<TargetEvent> = {
  TargetSet: ({ metric, scope, scopeId, period, amount, currency }) => `Target set for ${scope}${also(' ', scopeId)}: ${words(metric)} ${currency === undefined ? amount : money({ amountMinor: amount, currency })} from ${period.from} to ${period.to}.`,
  TargetRevised: ({ amount, from, currency, reason }) => `Target revised from ${currency === undefined ? from : money({ amountMinor: from, currency })} to ${currency === undefined ? amount : money({ amountMinor: amount, currency })}: ${reason}.`,
  TargetWithdrawn: ({ reason }) => `Target withdrawn: ${reason}.`,
};

const bonuses: Sentences<BonusEvent> = {
  BonusPlanDefined: ({ name, metric, periodKind, memberIds, effectiveFrom }) => `Bonus plan “${name}” for ${words(metric)} each ${periodKind} defined for ${memberIds.length} members from ${effectiveFrom}.`,
  BonusPlanRevised: ({ memberIds, effectiveFrom, reason }) => `Bonus plan revised for ${memberIds.length} members from ${effectiveFrom}: ${reason}.`,
  BonusApproved: ({ memberId, amount, period, approvedBy }) => `${approvedBy} approved a bonus of ${money(amount)} for ${memberId}, ${period.from} to ${period.to}.`,
};

const rest: Sentences<AutomationEvent | PolicyEvent | ContactEvent | ReportsEvent | CalendarFeedEvent> = {
  RuleEnabled: ({ ruleId }) => `Rule ${ruleId} switched on.`,
  RuleDisabled: ({ ruleId, reason }) => `Rule ${ruleId} switched off${also(': ', reason)}.`,
  PipelineDefined: ({ name, stages }) => `Pipeline “${name}” defined with stages ${listed(stages.map(({ stage }) => stage))}.`,
  PolicySet: ({ settings }) => `Policy set: ${listed(Object.keys(settings))}.`,
  ContactForgotten: ({ reason }) => `Personal data forgotten${also(': ', reason && words(reason))}.`,
  CalendarFeedOpened: ({ memberId }) => `Calendar link opened for ${memberId}.`,
  CalendarFeedRevoked: ({ memberId, reason }) => `Calendar link of ${memberId} revoked${also(': ', reason)}.`,
  ReportDefined: ({ name, report }) => `Report “${name}” of ${report} defined.`,
  ReportPublished: ({ reportId, definition, position }) => `Report ${reportId} published: ${definition.name} version ${definition.version} at position ${position}.`,
};

export type CompanyEvent = CaseEvent | ClientEvent | SurveyEvent | TaskEvent | MemberEvent | WorkLogEvent | EnablementEvent | TargetEvent | BonusEvent | AutomationEvent | PolicyEvent | ContactEvent | ReportsEvent | CalendarFeedEvent;

/** What happens with clients, among members and in the company. */
export const companySentences: Sentences<CompanyEvent> = { ...cases, ...clients, ...surveys, ...tasks, ...members, ...workLog, ...enablement, ...targets, ...bonuses, ...rest };
