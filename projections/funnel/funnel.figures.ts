import type { Figure } from '../../libs/kernel/report.js';

/** What every figure of the funnel means, in the words that the page, the documentation and the tests use. */
export const funnelFigures: readonly Figure[] = [
  { name: 'standing', title: 'Standing', unit: 'count', definition: 'Leads in each step and open deals in each stage at asOf, with their value. Credit is the present owner’s.' },
  { name: 'weightedPipeline', title: 'Weighted pipeline', unit: 'money', definition: 'Sum of open value × the probability of the stage it is in.' },
  { name: 'entries', title: 'Entries', unit: 'count', definition: 'Entries to each step in the period: what the period conversion between any two steps is made of.' },
  { name: 'periodConversion', title: 'Period conversion', unit: 'ratio', definition: 'Entries to a step in the period ÷ entries to the step before it in the period. A return counts again, so it can exceed 100 %. Several meetings held with one lead in the period count once.' },
  { name: 'cohortConversion', title: 'Cohort conversion', unit: 'ratio', definition: 'Of the journeys that first reached the cohort’s step in the period, those that ever reached each step by asOf. A step that was skipped counts as reached. Never exceeds 100 %.' },
  { name: 'stageDurations', title: 'Stage duration', unit: 'days', definition: 'Days of each visit that ended in the period; a return is a second visit. Visits still open are counted apart, with their median age.' },
  { name: 'winRate', title: 'Win rate', unit: 'ratio', definition: 'Won ÷ (won + lost), closed in the period, by count and by value. A reopening takes its closing back in the period of the reopening.' },
  { name: 'createdWinRate', title: 'Created win rate', unit: 'ratio', definition: 'Won by asOf ÷ all deals opened in the period.' },
  { name: 'cohortWinRate', title: 'Cohort win rate', unit: 'ratio', definition: 'Deals opened in the period and won by asOf ÷ all deals opened in the period; those still open are also counted apart.' },
  { name: 'cycleTimes', title: 'Cycle time', unit: 'days', definition: 'Days from the opening of a deal to its closing, of the deals closed in the period, won and lost apart; open deals are counted apart, with their age.' },
  { name: 'salesVelocity', title: 'Sales velocity', unit: 'money per day', definition: 'Open deals × win rate × mean won value ÷ mean cycle days of the deals won in the period (also of those reopened later), in each currency.' },
  { name: 'stalled', title: 'Stalled', unit: 'count', definition: 'Open deals whose present visit is older than the service level of its stage, in calendar days of the owner’s zone.' },
  { name: 'blocked', title: 'Blocked', unit: 'count', definition: 'Open deals with a roadblock that is not cleared; by cause, the roadblocks open now and the days of the period on which deals were blocked by it, once where it blocks a deal twice at a time.' },
  { name: 'leakage', title: 'Leakage', unit: 'count', definition: 'Deals lost and leads disqualified in the period, by the step they left from and the reason; a deal that was reopened later still leaked then.' },
  { name: 'sources', title: 'Source effectiveness', unit: 'count', definition: 'Leads captured in the period by source and campaign: how many reached each step by asOf, and the value won from them per lead. A deal that was won and reopened stays reached, but what it had brought is not counted. Duplicates merged away are left out.' },
  { name: 'targets', title: 'Target and coverage', unit: 'records', definition: 'Targets of the person, team or company for exactly the period: booked, attainment and coverage = open value expected to close in P ÷ (target − booked), null when the target is met.' },
];
