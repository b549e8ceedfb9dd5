import { DEFAULT_SETTINGS } from '../../libs/domain/policy/facts.js';
import type { LocalDate } from '../../libs/kernel/event.js';
import { localDay } from '../../libs/kernel/local-time.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { together } from '../../libs/kernel/together.js';
import { previousPeriod, type Period } from '../coordinator-efficiency/period.js';
import { companyOf, periodOf, type Company } from '../coordinator-efficiency/scope.js';
import { ratesOn } from '../exchange-rates/constant-rates.js';
import { atRisk, type AtRisk } from './at-risk.js';
import { ClientScope } from './client-scope.js';
import { caseFigures, caseRows, type CaseFigures } from './cases.js';
import { cohorts, type Cohort } from './cohorts.js';
import { buyers, daysBetween, purchases, type Purchases } from './purchases.js';
import { movements, rates, startingClients, type Movement, type Rates } from './rates.js';
import { retentionFigures } from './retention.figures.js';
import { RetentionParams } from './retention.params.js';
import { answers, satisfaction, surveysSent, type Satisfaction } from './satisfaction.js';
import { inParts, type Grouped } from './sql.js';

export interface RetentionGroup {
  readonly group: string;
  readonly rates: Rates;
  readonly movements: readonly Movement[];
  readonly purchases: Purchases;
  readonly satisfaction: Satisfaction;
  readonly cases: CaseFigures;
}

export interface RetentionAnswer {
  readonly period: Period;
  readonly groupBy: string;
  readonly credit: string;
  readonly currency: string | null;
  /** The date whose rates amounts were converted at. */
  readonly ratesOn: LocalDate | null;
  /** One entry without groupBy; otherwise one a group, in the order of their names. */
  readonly groups: readonly RetentionGroup[];
  readonly previous?: { readonly period: Period; readonly groups: readonly RetentionGroup[] };
  /** Filtered as asked for, not grouped. */
  readonly cohorts: readonly Cohort[];
  readonly atRisk: AtRisk;
}

async function groupsOf(scope: ClientScope): Promise<RetentionGroup[]> {
  const { cases, found } = await together({
    cases: caseRows(scope),
    found: together({
      starting: inParts(scope.fresh(), startingClients), moved: movements(scope.fresh()), bought: buyers(scope.fresh()),
      between: daysBetween(scope.fresh()), answers: answers(scope.fresh()), sent: surveysSent(scope.fresh()),
    }),
  });
  const seen = [...Object.values(found), ...Object.values(cases)].flatMap((rows: readonly Grouped[]) => rows.map(({ grp }) => grp));
  const names = scope.params.groupBy === 'none' ? ['all'] : [...new Set(seen)].sort();
  return names.map((group): RetentionGroup => {
    const own = <R extends Grouped>(rows: readonly R[]): R[] => rows.filter(({ grp }) => grp === group);
    return {
      group, rates: rates(own(found.starting)), movements: own(found.moved).map(({ kind, currency: code, count, clients, amountMinor }) => ({ kind, currency: code, count, clients, amountMinor })),
      purchases: purchases(own(found.bought), own(found.between)), satisfaction: satisfaction(own(found.answers), own(found.sent)), cases: caseFigures(cases, own),
    };
  });
}

const noContactDaysOf = (params: RetentionParams, company: Company): number => params.noContactDays ?? Number(company.setting('noContactDays') ?? DEFAULT_SETTINGS.noContactDays);

/** All figures of a period, now or as of the view's moment. @throws ReadStoreError */
export async function retentionReport(view: ReportView, params: RetentionParams): Promise<RetentionAnswer> {
  const company = await companyOf(view, params.tz);
  const period = periodOf(params, view, company);
  const before = previousPeriod(period);
  const rates = params.convert === 'constant' ? await ratesOn(view, params.ratesOn ?? localDay(view.now, company.tz)) : undefined;
  const scope = (of: Period): ClientScope => new ClientScope(view, params, of, company, rates);
  const found = await together({
    atRisk: atRisk(scope(period), noContactDaysOf(params, company)), cohorts: cohorts(scope(period), params.cohort, params.cohorts), groups: groupsOf(scope(period)),
    ...(params.compare === 'previous' && { previousGroups: groupsOf(scope(before)) }),
  });
  const { previousGroups, ...figures } = found;
  return {
    period, groupBy: params.groupBy, credit: params.credit, currency: params.currency ?? null, ratesOn: rates?.on ?? null, ...figures,
    ...(previousGroups && { previous: { period: before, groups: previousGroups } }),
  };
}

export const retentionReportDefinition = report({
  name: 'retention',
  version: 2,
  title: 'Retention',
  description: 'Which clients and how much of their revenue stay, what moved, how clients buy again, how content they are, how their cases are looked after, and who is at risk.',
  projections: ['retention', 'roster', 'funnel', 'exchange_rates'],
  params: RetentionParams,
  figures: retentionFigures,
  run: retentionReport,
});
