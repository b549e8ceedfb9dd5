import { report, type ReportView } from '../../libs/kernel/report.js';
import { together } from '../../libs/kernel/together.js';
import { activitiesDone, activitiesPerDeal, dealsClosed, type ActivitiesPerDeal } from './activities.js';
import { calendarsOf, type Calendars } from './calendars.js';
import { efficiencyFigures } from './coordinator-efficiency.figures.js';
import { CoordinatorEfficiencyParams } from './coordinator-efficiency.params.js';
import { handoffLatency, handoffs } from './handoffs.js';
import { leadResponse, leadResponses, type LeadResponse } from './lead-response.js';
import { meetingCounts, meetings, type Meetings } from './meetings.js';
import { previousPeriod, type Period } from './period.js';
import { contractCounts, followUpCounts, followUps, onTime, taskCounts, type FollowUps, type OnTime } from './promises.js';
import { companyOf, periodOf, Scope } from './scope.js';
import type { Grouped, Timed } from './section.js';
import { by } from './stats.js';
import { contractTimes, handling, taskTimes, turnaround, type Handling, type Turnaround } from './turnaround.js';
import { ADMINISTRATIVE, work, workMinutes, type Work } from './work.js';
import { loads, workload, type Workload } from './workload.js';

export interface EfficiencyFigures {
  readonly group: string;
  readonly leadResponse: LeadResponse;
  readonly followUps: FollowUps;
  readonly meetings: Meetings;
  readonly contracts: Turnaround;
  readonly contractsOnTime: OnTime;
  readonly tasksOnTime: OnTime;
  readonly taskHandling: Handling;
  readonly handoffLatency: Timed & { readonly handoffs: number };
  readonly work: Work;
  readonly workload: Workload;
  readonly activitiesPerDeal: ActivitiesPerDeal;
}

/** The figures of all who had one role on the date of the event. Groups stand in the order of their names: nobody is ranked. */
export interface Scorecard {
  readonly role: string;
  readonly groups: readonly EfficiencyFigures[];
}

export interface EfficiencyAnswer {
  readonly period: Period;
  readonly groupBy: string;
  readonly credit: string;
  readonly administrative: typeof ADMINISTRATIVE;
  readonly scorecards: readonly Scorecard[];
  readonly previous?: { readonly period: Period; readonly scorecards: readonly Scorecard[] };
}

/** These two have a scorecard even where they did nothing; other roles where they did something. */
const ROLES = ['coordinator', 'executive'] as const;

const read = (scope: Scope, calendars: Calendars) => together({
  handoffs: handoffs(scope.fresh()), done: activitiesDone(scope.fresh()), loads: loads(scope.fresh(), calendars), tasks: taskTimes(scope.fresh()), contracts: contractTimes(scope.fresh()),
  leads: leadResponses(scope.fresh()), followUps: followUpCounts(scope.fresh()), meetings: meetingCounts(scope.fresh()), contractsDue: contractCounts(scope.fresh()), tasksDue: taskCounts(scope.fresh()),
  work: workMinutes(scope.fresh()),
});

/** The rows of one section by scorecard and group, looked through once: a report by day has thousands of groups. */
function byGroup<R extends Grouped>(rows: readonly R[]): (role: string, group: string) => readonly R[] {
  const sections = by(rows, ({ role, grp }) => `${role}\0${grp}`);
  return (role, group) => sections.get(`${role}\0${group}`) ?? [];
}

async function scorecards(scope: Scope, calendars: Calendars): Promise<Scorecard[]> {
  const { found, closed } = await together({ found: read(scope, calendars), closed: dealsClosed(scope.fresh()) });
  const ofAll = closed.filter(({ grp }) => grp === null);
  const ofGroup = byGroup(closed.flatMap(({ grp, ...row }) => (grp === null ? [] : [{ ...row, grp, role: '' }])));
  const { now } = scope.view;
  const groupsOf = new Map<string, Set<string>>();
  for (const rows of Object.values(found)) {
    for (const { role, grp } of rows as readonly Grouped[]) groupsOf.set(role, (groupsOf.get(role) ?? new Set()).add(grp)); // every section is of grouped rows
  }
  const asked = scope.cuts.role?.length ? ROLES.filter((role) => scope.cuts.role?.includes(role)) : ROLES;
  const roles = [...new Set([...asked, ...[...groupsOf.keys()].sort()])];
  const of = {
    leads: byGroup(found.leads), followUps: byGroup(found.followUps), meetings: byGroup(found.meetings), contracts: byGroup(found.contracts), contractsDue: byGroup(found.contractsDue), tasks: byGroup(found.tasks),
    tasksDue: byGroup(found.tasksDue), handoffs: byGroup(found.handoffs), work: byGroup(found.work), loads: byGroup(found.loads), done: byGroup(found.done),
  };
  return roles.map((role) => ({
    role,
    groups: [...new Set([...(scope.cuts.groupBy === 'none' ? ['all'] : []), ...(groupsOf.get(role) ?? [])])].sort().map((group): EfficiencyFigures => ({
      group, leadResponse: leadResponse(of.leads(role, group), now, calendars), followUps: followUps(of.followUps(role, group)), meetings: meetings(of.meetings(role, group)),
      contracts: turnaround(of.contracts(role, group), now, calendars), contractsOnTime: onTime(of.contractsDue(role, group)), tasksOnTime: onTime(of.tasksDue(role, group)), taskHandling: handling(of.tasks(role, group), now, calendars),
      handoffLatency: handoffLatency(of.handoffs(role, group), now, calendars), work: work(of.work(role, group)), workload: workload(of.loads(role, group)),
      activitiesPerDeal: activitiesPerDeal(of.done(role, group), [...ofAll, ...ofGroup('', group)]),
    })),
  }));
}

/** All figures of a period, one scorecard a role, now or as of the view's moment. @throws ReadStoreError */
export async function efficiencyReport(view: ReportView, params: CoordinatorEfficiencyParams): Promise<EfficiencyAnswer> {
  const company = await companyOf(view, params.tz);
  const calendars = await calendarsOf(view);
  const period = periodOf(params, view, company);
  const cards = (of: Period): Promise<Scorecard[]> => scorecards(new Scope(view, params, of, company), calendars);
  const before = previousPeriod(period);
  return {
    period, groupBy: params.groupBy, credit: params.credit, administrative: ADMINISTRATIVE, scorecards: await cards(period),
    ...(params.compare === 'previous' && { previous: { period: before, scorecards: await cards(before) } }),
  };
}

export const coordinatorEfficiencyReport = report({
  name: 'coordinator-efficiency',
  version: 2,
  title: 'Coordinator efficiency',
  description: 'How soon leads are answered, what is done in time, how long it takes, what work goes into it and how it lies on people. Coordinators and executives are reported apart and never ranked together.',
  projections: ['coordinator_efficiency', 'activity', 'roster'],
  params: CoordinatorEfficiencyParams,
  figures: efficiencyFigures,
  run: efficiencyReport,
});
