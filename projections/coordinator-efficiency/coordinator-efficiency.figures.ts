import type { Figure } from '../../libs/kernel/report.js';

/** What every figure means, in the words that the page, the documentation and the tests use. */
export const efficiencyFigures: readonly Figure[] = [
  { name: 'leadResponse', title: 'Lead response time', unit: 'minutes', definition: 'First human contact − captured, of the leads captured in the period, on the wall clock and in business hours of the owner (without a work calendar the company’s, in the owner’s zone); the never-contacted are counted apart, with their age. A duplicate merged away before any contact is left out.' },
  { name: 'followUps', title: 'Follow-ups', unit: 'ratio', definition: 'On time = completed ≤ due ÷ due in the period; late = completed after due, within the grace; missed = not done by due + grace, done later or not. The three and the open ones sum to all due. Cancelled ones are not due, unless they were cancelled after they were missed.' },
  { name: 'meetings', title: 'Meetings', unit: 'ratio', definition: 'Meetings that start in the period: no-show rate = no-shows ÷ (held + no-shows); cancelled apart; reschedules per meeting; hold rate = held ÷ (held + no-shows + cancelled).' },
  { name: 'contracts', title: 'Contract turnaround', unit: 'minutes', definition: 'Turnaround = signed − drafted, of the contracts signed in the period, split into own time (drafted → sent) and client time (sent → signed); contracts still on their way are counted apart, with their age.' },
  { name: 'contractsOnTime', title: 'Contracts on time', unit: 'ratio', definition: 'Contracts signed by their due time ÷ due in the period. Those voided before they were due are not due.' },
  { name: 'tasksOnTime', title: 'Tasks on time', unit: 'ratio', definition: 'Tasks completed by their due time ÷ due in the period. Those cancelled before they were due are not due. Credit goes to whoever had the task when it was done or came due.' },
  { name: 'taskHandling', title: 'Task handling time', unit: 'minutes', definition: 'Completed − allocated, of the tasks completed in the period, and the minutes told to be spent; open tasks by age at asOf.' },
  { name: 'handoffLatency', title: 'Hand-off latency', unit: 'minutes', definition: 'First executive activity − hand-off, of the leads and deals that passed from a coordinator to an executive in the period; in the executives’ scorecard. Those without an activity yet are counted apart.' },
  { name: 'adminShare', title: 'Administrative share', unit: 'ratio', definition: 'Administrative ÷ logged minutes of the period; the category list is versioned and named in the answer. Automated work is not logged time.' },
  { name: 'hoursSaved', title: 'Hours saved', unit: 'count', definition: 'Automated actions × the minutes each was said to take, in hours.' },
  { name: 'workload', title: 'Workload', unit: 'ratio', definition: 'Open weighted items ÷ capacity at the end of the period or at asOf, whichever is first, over the members who have a capacity. Leads, deals, follow-ups, meetings, contracts and cases weigh 1, tasks their own weight.' },
  { name: 'balance', title: 'Balance', unit: 'ratio', definition: 'How evenly workload lies on the members: coefficient of variation of the population, and Gini (Σ(2i−n−1)xᵢ ÷ (n Σx), sorted ascending).' },
  { name: 'overloadDays', title: 'Overload days', unit: 'days', definition: 'Working days of a member that ended with workload > 1.' },
  { name: 'activitiesPerDeal', title: 'Activities per closed deal', unit: 'ratio', definition: 'Human contacts, meetings held, follow-ups and tasks completed and contracts sent on a deal and its lead up to its closing ÷ deals closed in the period, by outcome. A closing that was reversed does not count.' },
];
