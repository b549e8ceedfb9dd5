import { OpenCalendarFeed, type CalendarFeedCommand } from '../../../libs/domain/calendar-feed/commands.js';
import { PromiseToClient, ResolveCase, type CaseCommand } from '../../../libs/domain/case/commands.js';
import { ChurnClient, OnboardClient, type ClientCommand } from '../../../libs/domain/client/commands.js';
import { ScheduleFollowUp, type FollowUpCommand } from '../../../libs/domain/follow-up/commands.js';
import { ScheduleMeeting, type MeetingCommand } from '../../../libs/domain/meeting/commands.js';
import { SetWorkCalendar } from '../../../libs/domain/member/commands.js';
import { SetPolicy } from '../../../libs/domain/policy/commands.js';
import { SendSurvey, type SurveyCommand } from '../../../libs/domain/survey/commands.js';
import { AllocateTask, type TaskCommand } from '../../../libs/domain/task/commands.js';
import { dayIn, euros, freshId, inDays, type Samples, type Scene } from './scene.js';

const RESPONSE_MINUTES = 480;
const MINUTE_MS = 60_000;
/** Alarms ring for what was due long ago: past the longest grace that a policy can give. */
const PLANNED_DAYS_AGO = 900;
const DUE_DAYS_AGO = 800;

export const clientSamples: Samples<ClientCommand> = {
  OnboardClient: (scene) => ({
    clientId: freshId('client'), name: 'Vela Marine', ownerId: scene.member(), monthlyRevenue: euros(900), renewalOn: dayIn(365), contactName: 'Bo Lind', contactEmail: 'bo.lind@vela.example',
    contactPhone: '+41 44 555 01 02', segment: 'mid-market', region: 'north', product: 'fleet', dealId: freshId('deal'), leadId: freshId('lead'),
  }),
  RecordPurchase: (scene) => ({ clientId: scene.client(), purchaseId: freshId('invoice'), amount: euros(250), dealId: freshId('deal'), product: 'training' }),
  RenewClient: (scene) => ({ clientId: scene.client(), renewalOn: dayIn(500), monthlyRevenue: euros(950) }),
  ExpandClient: (scene) => ({ clientId: scene.client(), monthlyRevenue: euros(1_200), dealId: freshId('deal'), reason: 'Three more vessels.' }),
  DownsizeClient: (scene) => ({ clientId: scene.client(), monthlyRevenue: euros(700), reason: 'Sold a vessel.' }),
  ChurnClient: (scene) => ({ clientId: scene.client(), reason: 'competitor', note: 'Went to a bundle.' }),
  WinBackClient: (scene) => {
    const clientId = scene.client();
    scene.given(ChurnClient, { clientId, reason: 'price' });
    return { clientId, monthlyRevenue: euros(850), renewalOn: dayIn(365), dealId: freshId('deal') };
  },
  ReassignClient: (scene) => ({ clientId: scene.client(), ownerId: scene.member(), reason: 'Moved to the north team.' }),
  MarkRenewalLapsed: (scene) => {
    const clientId = freshId('client');
    // A renewal day ends where the company is.
    scene.given(SetPolicy, { zone: 'UTC' }).given(OnboardClient, { clientId, name: 'Orla', ownerId: scene.member(), monthlyRevenue: euros(100), renewalOn: dayIn(-40) }, inDays(-100));
    return { clientId, lapsesAt: `${dayIn(-39)}T00:00:00.000Z` };
  },
};

function promised(scene: Scene): { caseId: string; promiseId: string; dueAt: string } {
  const promise = { caseId: scene.case(inDays(-PLANNED_DAYS_AGO)), promiseId: freshId('promise'), dueAt: inDays(-DUE_DAYS_AGO) };
  scene.given(PromiseToClient, { ...promise, promise: 'A loan unit until the repair is done.' }, inDays(-PLANNED_DAYS_AGO));
  return promise;
}

export const caseSamples: Samples<CaseCommand> = {
  OpenCase: (scene) => ({ caseId: freshId('case'), kind: 'issue', subject: scene.subject(), clientId: scene.client(), ownerId: scene.member(), title: 'The plotter restarts', channel: 'email', note: 'Since the update.' }),
  RespondToCase: (scene) => ({ caseId: scene.case(), responseId: freshId('response'), memberId: scene.member(), note: 'Sent the earlier firmware.' }),
  EscalateCase: (scene) => ({ caseId: scene.case(), ownerId: scene.member('manager'), reason: 'Second week.' }),
  ResolveCase: (scene) => ({ caseId: scene.case(), resolution: 'Firmware rolled back.', memberId: scene.member() }),
  ReopenCase: (scene) => {
    const caseId = scene.case();
    scene.given(ResolveCase, { caseId, resolution: 'Firmware rolled back.' });
    return { caseId, reason: 'It restarts again.' };
  },
  ApproveException: (scene) => ({ caseId: scene.case(), exceptionId: freshId('exception'), policy: 'Returns within 30 days', reason: 'Delivered late.', amount: euros(300), validUntil: dayIn(30) }),
  PromiseToClient: (scene) => ({ caseId: scene.case(), promiseId: freshId('promise'), promise: 'A new unit by Friday.', dueAt: inDays(4), memberId: scene.member() }),
  KeepPromise: (scene) => {
    const { caseId, promiseId } = promised(scene);
    return { caseId, promiseId, note: 'Delivered by hand.' };
  },
  MarkPromiseBroken: promised,
  MarkServiceLevelBreached: (scene) => {
    const ownerId = scene.member();
    const openedAt = inDays(-10);
    // An owner who works day and night: business minutes are minutes.
    scene.given(SetWorkCalendar, { memberId: ownerId, zone: 'UTC', weekdays: [1, 2, 3, 4, 5, 6, 7], hours: { from: '00:00', to: '24:00' } }).given(SetPolicy, { caseResponseMinutes: RESPONSE_MINUTES });
    return { caseId: scene.case(openedAt, ownerId), kind: 'first_response', dueAt: new Date(Date.parse(openedAt) + RESPONSE_MINUTES * MINUTE_MS).toISOString() };
  },
};

function surveyed(scene: Scene): string {
  const surveyId = freshId('survey');
  scene.given(SendSurvey, { surveyId, kind: 'nps', subject: scene.subject(), ownerId: scene.member() });
  return surveyId;
}

export const surveySamples: Samples<SurveyCommand> = {
  SendSurvey: (scene) => ({ surveyId: freshId('survey'), kind: 'csat', subject: scene.subject(), ownerId: scene.member(), clientId: freshId('client'), caseId: freshId('case') }),
  RecordSurveyAnswer: (scene) => ({ surveyId: surveyed(scene), score: 9, comment: 'Quick and friendly.' }),
};

function planned(scene: Scene, dueAt = inDays(2), plannedAt?: string): string {
  const followUpId = freshId('follow-up');
  scene.given(ScheduleFollowUp, { followUpId, subject: scene.subject(), ownerId: scene.member(), dueAt }, plannedAt);
  return followUpId;
}

export const followUpSamples: Samples<FollowUpCommand> = {
  ScheduleFollowUp: (scene) => ({ followUpId: freshId('follow-up'), subject: scene.subject(), ownerId: scene.member(), dueAt: inDays(3), channel: 'call', note: 'Ask for the budget.' }),
  RescheduleFollowUp: (scene) => ({ followUpId: planned(scene), dueAt: inDays(5), reason: 'They are at sea.' }),
  CompleteFollowUp: (scene) => ({ followUpId: planned(scene), outcome: 'reached', note: 'Wants an offer.' }),
  CancelFollowUp: (scene) => ({ followUpId: planned(scene), reason: 'They called us.' }),
  MarkFollowUpMissed: (scene) => {
    const dueAt = inDays(-DUE_DAYS_AGO);
    return { followUpId: planned(scene, dueAt, inDays(-PLANNED_DAYS_AGO)), dueAt };
  },
};

function arranged(scene: Scene, startsAt = inDays(-1)): string {
  const meetingId = freshId('meeting');
  scene.given(ScheduleMeeting, { meetingId, subject: scene.subject(), title: 'Demonstration', ownerId: scene.member(), startsAt, endsAt: inDays(2) });
  return meetingId;
}

export const meetingSamples: Samples<MeetingCommand> = {
  ScheduleMeeting: (scene) => ({
    meetingId: freshId('meeting'), subject: scene.subject(), title: 'Demonstration', ownerId: scene.member(), attendeeIds: [scene.member('executive')], startsAt: inDays(3), endsAt: inDays(3.1), zone: 'Europe/Zurich', location: 'Pier 4',
  }),
  RescheduleMeeting: (scene) => ({ meetingId: arranged(scene), startsAt: inDays(5), endsAt: inDays(5.1), reason: 'Storm warning.' }),
  HoldMeeting: (scene) => ({ meetingId: arranged(scene), outcome: 'progressed', note: 'Wants an offer.' }),
  CancelMeeting: (scene) => ({ meetingId: arranged(scene), reason: 'Illness.', by: 'them' }),
  MarkNoShow: (scene) => ({ meetingId: arranged(scene), note: 'Nobody came.' }),
};

/** Of no secret that anyone knows. */
const TOKEN_HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export const calendarFeedSamples: Samples<CalendarFeedCommand> = {
  OpenCalendarFeed: (scene) => ({ feedId: freshId('feed'), memberId: scene.member(), tokenHash: TOKEN_HASH }),
  RevokeCalendarFeed: (scene) => {
    const feedId = freshId('feed');
    scene.given(OpenCalendarFeed, { feedId, memberId: scene.member(), tokenHash: TOKEN_HASH });
    return { feedId, reason: 'Lost the telephone.' };
  },
};

function allocated(scene: Scene, dueAt = inDays(2), allocatedAt?: string): string {
  const taskId = freshId('task');
  scene.given(AllocateTask, { taskId, title: 'Write the offer', ownerId: scene.member(), dueAt }, allocatedAt);
  return taskId;
}

export const taskSamples: Samples<TaskCommand> = {
  AllocateTask: (scene) => ({ taskId: freshId('task'), title: 'Write the offer', ownerId: scene.member(), dueAt: inDays(2), subject: scene.subject(), estimateMinutes: 90, weight: 2, note: 'In Danish.' }),
  ReassignTask: (scene) => ({ taskId: allocated(scene), ownerId: scene.member(), reason: 'Leave.' }),
  CompleteTask: (scene) => ({ taskId: allocated(scene), spentMinutes: 75, note: 'Sent.' }),
  CancelTask: (scene) => ({ taskId: allocated(scene), reason: 'Not needed any more.' }),
  MarkTaskOverdue: (scene) => {
    const dueAt = inDays(-DUE_DAYS_AGO);
    return { taskId: allocated(scene, dueAt, inDays(-PLANNED_DAYS_AGO)), dueAt };
  },
};
