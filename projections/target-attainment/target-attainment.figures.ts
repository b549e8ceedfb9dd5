import type { Figure } from '../../libs/kernel/report.js';

/** What every figure of target attainment means, in the words that the page, the documentation and the tests use. */
export const targetAttainmentFigures: readonly Figure[] = [
  { name: 'booked', title: 'Booked', unit: 'money', definition: 'Σ value of deals won in P (less reversals in P). For targets of counts: deals won less reversals, a split deal by its shares; meetings held; leads first qualified in P, duplicates merged away left out. A team’s credit is that of who was in it when it happened; a reversal goes to the team that had the deal.' },
  { name: 'attainment', title: 'Attainment', unit: 'ratio', definition: 'Booked ÷ target.' },
  { name: 'expectedToDate', title: 'Expected to date', unit: 'money', definition: 'Target × elapsed ÷ total (working days of the scope’s calendar, or a seasonal weight curve). A day has elapsed when it is over; today is among the remaining days.' },
  { name: 'pace', title: 'Pace', unit: 'ratio', definition: 'Booked ÷ expected to date.' },
  { name: 'runRateForecast', title: 'Run-rate forecast', unit: 'money', definition: 'Booked ÷ elapsed × total; null before the first working day is over.' },
  { name: 'requiredPerDay', title: 'Required per day', unit: 'money per day', definition: '(Target − booked) ÷ remaining days; negative once the target is exceeded.' },
  { name: 'linearity', title: 'Linearity', unit: 'ratio', definition: 'Cumulative booked ÷ cumulative plan at each checkpoint: the last day of each month, or each Sunday where the period touches one month only, and the last day.' },
  { name: 'pipelineForecast', title: 'Pipeline forecast', unit: 'money', definition: 'Booked + Σ open weighted value expected to close in P. Null for meetings and leads, which have no pipeline.' },
  { name: 'coverage', title: 'Coverage', unit: 'ratio', definition: 'Open value expected to close in P ÷ (target − booked); null when the target is met, and for meetings and leads.' },
  { name: 'asSet', title: 'As set', unit: 'money', definition: 'The target as it was first set, and attainment and expected to date against it.' },
  { name: 'asRevised', title: 'As revised', unit: 'money', definition: 'The target as last revised, which all other figures are measured against.' },
  { name: 'revisions', title: 'Revisions', unit: 'records', definition: 'The dates of the revisions, with the amount before and after and the reason.' },
  { name: 'membersTargets', title: 'Members’ targets', unit: 'money', definition: 'Sum of the targets of the team’s members (of the company’s teams and members) for the same metric, period and currency, beside the team’s own: they may differ.' },
  { name: 'otherCurrencies', title: 'Other currencies', unit: 'money', definition: 'What was booked in P in currencies that do not count towards the target: sums never mix currencies.' },
  { name: 'contributions', title: 'Contributions', unit: 'money', definition: 'Who and what brought what was booked: by member, by team or role on the date of the event, by source, campaign, pipeline, product, region or segment of the deal (else of its lead), or by part of the period. Meetings have none of those. Coordinators and executives are reported apart and never ranked together.' },
  { name: 'previous', title: 'Previous period', unit: 'money', definition: 'What the same scope booked in the period before: as many whole months earlier, else as many days.' },
];

/** What every figure of a bonus means. */
export const bonusFigures: readonly Figure[] = [
  { name: 'attainment', title: 'Attainment', unit: 'ratio', definition: 'Booked ÷ target, as in target attainment: deals won in P less reversals in P.' },
  { name: 'basis', title: 'Basis', unit: 'money', definition: 'What the tiers are applied to: all that was won (held, qualified) in P. Reversals are taken back apart, as far as the plan claws back; without clawback each deal counts once, when it was first won.' },
  { name: 'earned', title: 'Earned', unit: 'money', definition: 'The plan’s tiers of attainment → rate or amount applied to the basis, up to the cap.' },
  { name: 'clawback', title: 'Clawback', unit: 'money', definition: 'What the deals reopened in P had brought, in P or in an earlier period, under that period’s terms and target: what that period’s bonus is without them, less what it was.' },
  { name: 'accrued', title: 'Accrued', unit: 'money', definition: 'Earned + clawback; the sum of the lines. Negative where more is taken back than was earned.' },
  { name: 'lines', title: 'Lines', unit: 'records', definition: 'What the bonus consists of, each line with the deals (meetings, leads) behind it.' },
  { name: 'approved', title: 'Approved', unit: 'money', definition: 'What was approved for the member and period, and by whom; null while nothing was.' },
];
