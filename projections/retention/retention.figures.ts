import type { Figure } from '../../libs/kernel/report.js';

/** What every figure means, in the words that the page, the documentation and the tests use. */
export const retentionFigures: readonly Figure[] = [
  { name: 'logoRetention', title: 'Logo retention', unit: 'ratio', definition: 'Clients active at the start of the period and still active at its end ÷ active at start. A client is active from its onboarding until it churns.' },
  { name: 'churn', title: 'Churn', unit: 'ratio', definition: '1 − logo retention.' },
  { name: 'grr', title: 'Gross revenue retention', unit: 'ratio', definition: '(start − churn − contraction) ÷ start, each client capped at its starting revenue, so ≤ 100 %. Monthly revenue of the starting clients, in one currency; what a client gained and lost within the period is set off.' },
  { name: 'nrr', title: 'Net revenue retention', unit: 'ratio', definition: '(start − churn − contraction + expansion) ÷ start; the starting clients only, new logos left out.' },
  { name: 'movements', title: 'Revenue movements', unit: 'money', definition: 'New, expansion, contraction, churn and win-back of monthly revenue in the period, movement by movement, and one-off purchases; each currency apart.' },
  { name: 'cohorts', title: 'Cohort matrix', unit: 'ratio', definition: '(c, k) = clients of cohort c active (or buying) in month c+k ÷ |c|; a client active at any time of a month is active in it. Cells that are not over yet are marked immature.' },
  { name: 'repeatPurchaseRate', title: 'Repeat purchase rate', unit: 'ratio', definition: 'Clients with ≥ 2 distinct purchases ÷ clients with ≥ 1, in the period.' },
  { name: 'daysBetween', title: 'Days between purchases', unit: 'days', definition: 'Days from a client’s purchase to its next one, of the purchases in the period that had one before.' },
  { name: 'csat', title: 'Customer satisfaction', unit: 'ratio', definition: 'Scores 4–5 ÷ answers, given in the period.' },
  { name: 'nps', title: 'Net promoter score', unit: 'ratio', definition: 'Share of 9–10 − share of 0–6 among the answers given in the period; from −1 to 1.' },
  { name: 'responseRate', title: 'Response rate', unit: 'ratio', definition: 'Answers ÷ surveys sent: of the surveys sent in the period, those answered by asOf.' },
  { name: 'firstResponse', title: 'First response time', unit: 'minutes', definition: 'First answer − opened, of the cases opened in the period, on the wall clock and in business hours; the unanswered are counted apart, with their age.' },
  { name: 'resolution', title: 'Resolution time', unit: 'minutes', definition: 'Resolved − opened (or reopened), of the resolutions in the period, on the wall clock and in business hours; open cases are counted apart, with their age.' },
  { name: 'responseWithinServiceLevel', title: 'First response within service level', unit: 'ratio', definition: 'Answered by the due time ÷ due in the period.' },
  { name: 'resolutionWithinServiceLevel', title: 'Resolution within service level', unit: 'ratio', definition: 'Resolved by the due time ÷ due in the period; a reopening sets a due time of its own.' },
  { name: 'backlog', title: 'Backlog', unit: 'count', definition: 'Cases open at the end of the period or at asOf, whichever is first.' },
  { name: 'reopened', title: 'Reopened', unit: 'ratio', definition: 'Reopened ÷ resolved: of the resolutions in the period, those reopened by asOf.' },
  { name: 'promisesKept', title: 'Promises kept', unit: 'ratio', definition: 'Promises kept by their due time ÷ promises due in the period. One kept late stays broken.' },
  { name: 'atRisk', title: 'At risk', unit: 'records', definition: 'Active clients with an overdue case, a falling score (the last answer below the one before), a lapsed renewal date or no contact for N calendar days in its owner’s zone. Contact is a follow-up or meeting with the client, or an answer to its case; before the first, its onboarding.' },
];
