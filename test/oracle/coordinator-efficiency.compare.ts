import type { AnswerHead } from '../../libs/kernel/report.js';
import type { EfficiencyAnswer, EfficiencyFigures } from '../../projections/coordinator-efficiency/coordinator-efficiency.report.js';
import type { DistributionWithOpen } from '../../projections/coordinator-efficiency/stats.js';
import { efficiencyOracle, type Question } from './coordinator-efficiency.js';
import { Comparison, type At } from './differences.js';
import { knownTo, type Live } from './live.js';

type Oracle = ReturnType<typeof efficiencyOracle>;
type Group = Oracle['groups'] extends Map<string, infer G> ? G : never;

const share = (numerator: number, denominator: number) => ({ numerator, denominator, value: denominator === 0 ? null : numerator / denominator });

/** Count, median, p90 and mean, said anew. */
function spread(values: number[]): (number | null)[] {
  if (values.length === 0) return [0, null, null, null];
  const sorted = values.sort((a, b) => a - b);
  const at = (p: number): number => { const place = p * (sorted.length - 1); const low = Math.floor(place); return sorted[low]! * (1 - (place - low)) + (sorted[low + 1] ?? sorted[low]!) * (place - low); };
  return [sorted.length, at(0.5), at(0.9), sorted.reduce((a, b) => a + b) / sorted.length];
}
const said = ({ count, median, p90, mean, open }: DistributionWithOpen) => [[count, median, p90, mean], [open.count, open.median, open.p90, open.mean]];

function figuresOf(figures: EfficiencyFigures) {
  const { leadResponse, followUps, meetings, contracts, contractsOnTime, tasksOnTime, taskHandling, handoffLatency, work, workload, activitiesPerDeal } = figures;
  const due = (each: typeof contractsOnTime) => ({ due: each.due, onTime: each.onTime.numerator, late: each.late.numerator, missed: each.missed.numerator, open: each.open.numerator, cancelled: each.cancelled, rate: each.onTime.value });
  const plain = ({ numerator, denominator, value }: { numerator: number; denominator: number; value: number | null }) => ({ numerator, denominator, value });
  return {
    leads: [said(leadResponse.wall), said(leadResponse.business), leadResponse.neverContacted], followUps: due(followUps), contractsDue: due(contractsOnTime), tasks: due(tasksOnTime),
    meetings: { noShow: plain(meetings.noShowRate), hold: plain(meetings.holdRate), moved: plain(meetings.reschedulesPerMeeting), cancelled: meetings.cancelled, open: meetings.open },
    contracts: [said(contracts.total.wall), said(contracts.own.business), said(contracts.client.wall)], handling: [said(taskHandling.wall), said(taskHandling.business), taskHandling.spent.count],
    handoffs: [said(handoffLatency.wall), said(handoffLatency.business)], admin: plain(work.adminShare), saved: [work.hoursSaved.actions, work.hoursSaved.minutes],
    load: plain(workload.workload), open: workload.openWeighted, overload: [workload.overloadDays, workload.memberDays], gini: workload.balance.gini, cv: workload.balance.coefficientOfVariation,
    done: [plain(activitiesPerDeal.won), plain(activitiesPerDeal.lost)],
  };
}

function expected(group: Group, closed: { won: number; lost: number }, staff: Oracle['staff'], now: number): ReturnType<typeof figuresOf> {
  const wall = (list: Group['leads']) => [spread(list.flatMap(({ from, to }) => (to === null ? [] : [Math.max(0, to - from) / 60_000]))), spread(list.flatMap(({ from, to }) => (to === null ? [Math.max(0, now - from) / 60_000] : [])))];
  const business = (list: Group['leads']) => [spread(list.flatMap(({ member, from, to }) => (to === null ? [] : [staff.businessMinutes(member, from, to)]))), spread(list.flatMap(({ member, from, to }) => (to === null ? [staff.businessMinutes(member, from, now)] : [])))];
  const due = ({ onTime = 0, late = 0, missed = 0, open = 0, cancelled = 0 }: Record<string, number>) => ({ due: onTime + late + missed + open, onTime, late, missed, open, cancelled, rate: share(onTime, onTime + late + missed + open).value });
  const { held = 0, noShows = 0, cancelled = 0, open = 0, reschedules = 0 } = group.meetings;
  const standing = group.loads.filter(({ last }) => last);
  const able = standing.flatMap(({ weight, capacity }) => (capacity === null ? [] : [{ weight, capacity }]));
  const loads = able.map(({ weight, capacity }) => weight / capacity);
  const sum = loads.reduce((a, b) => a + b, 0);
  // Gini as half the relative mean difference of all pairs: the same figure by its other definition.
  const gini = sum === 0 ? null : loads.flatMap((a) => loads.map((b) => Math.abs(a - b))).reduce((a, b) => a + b, 0) / (2 * loads.length * sum);
  const mean = sum / loads.length;
  const cv = sum === 0 ? null : Math.sqrt(loads.reduce((a, b) => a + b * b, 0) / loads.length - mean * mean || 0) / mean;
  const days = group.loads.filter(({ working, capacity }) => working && capacity !== null);
  return {
    leads: [wall(group.leads), business(group.leads), group.leads.filter(({ to }) => to === null).length], followUps: due(group.followUps), contractsDue: due(group.contracts), tasks: due(group.tasks),
    meetings: { noShow: share(noShows, held + noShows), hold: share(held, held + noShows + cancelled), moved: share(reschedules, held + noShows + cancelled + open), cancelled, open },
    contracts: [wall(group.total), business(group.own), wall(group.client)], handling: [wall(group.handling), business(group.handling), group.spent.length], handoffs: [wall(group.handoffs), business(group.handoffs)],
    admin: share(group.admin, group.logged), saved: [group.actions, group.saved], load: share(able.reduce((a, b) => a + b.weight, 0), able.reduce((a, b) => a + b.capacity, 0)), open: standing.reduce((a, b) => a + b.weight, 0),
    overload: [days.filter(({ weight, capacity }) => weight > capacity!).length, days.length], gini, cv, done: [share(group.done.won, closed.won), share(group.done.lost, closed.lost)],
  };
}

/** Every figure of every scorecard of each answer, by the report and by plain loops over the events it rests on. */
export async function compareEfficiency({ log, ask }: Live, questions: readonly At<Question>[]): Promise<Comparison> {
  const found = new Comparison();
  for (const { asked, asOf } of questions) {
    const { only, ...plain } = asked;
    const answer = await ask<EfficiencyAnswer & AnswerHead>({ ...plain, ...(only && { [only.by]: only.value }), ...(asOf !== undefined && { asOf }) });
    const { groups, closed, staff } = efficiencyOracle(knownTo(log, answer), answer.asOf, asked);
    const told = new Map<string, EfficiencyFigures>(answer.scorecards.flatMap(({ role, groups: list }) => list.map((figures) => [`${role}/${figures.group}`, figures] as const)));
    for (const [key, group] of groups) {
      const figures = told.get(key);
      const name = key.slice(key.indexOf('/') + 1);
      const against = closed.get(closed.has('*') || ['none', 'owner', 'team', 'role'].includes(asked.groupBy) ? '*' : name) ?? { won: 0, lost: 0 };
      found.compare({ asked, asOf: answer.asOf, group: key }, figures && figuresOf(figures), expected(group, against, staff, Date.parse(answer.asOf)));
    }
    found.alike({ asked, asOf: answer.asOf, groups: 'that only the engine has' }, [...told.keys()].filter((key) => !groups.has(key) && !key.endsWith('/all')), []);
  }
  return found;
}
