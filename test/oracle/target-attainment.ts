import type { Recorded } from '../../libs/kernel/event.js';
import { weekOf } from './funnel.js';
import { groupedBy } from './grouped-by.js';

/** Target attainment once more, by plain loops over the events: no engine, no SQL, no tables, its own calendar arithmetic. */

export interface Question {
  readonly tz?: string;
  readonly credit: 'at-event' | 'current';
  readonly convert: 'none' | 'at-event' | 'constant';
  readonly ratesOn?: string;
  readonly groupBy: string;
  readonly source?: string;
  readonly campaign?: string;
  readonly pipeline?: string;
  readonly product?: string;
  readonly region?: string;
  readonly segment?: string;
}

const ORIGINS = ['source', 'campaign', 'pipeline', 'product', 'region', 'segment'] as const;

interface Data { [name: string]: unknown }
interface Money { amountMinor: number; currency: string }
interface Share { memberId: string; percent: number }
/** One share of something that counts. */
interface Credit { metric: 'deal' | 'meeting' | 'lead'; id: unknown; event: string; kind: 'won' | 'reversed' | 'other'; at: string; standing: string; member: string | undefined; percent: number; value: number; currency: string | undefined; converted: number | undefined; convertedTo: string | undefined }

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The day of a moment in a zone, by the platform's own tables. */
export function dayOf(at: string, zone: string): string {
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })));
  return format.format(new Date(at));
}

function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += DAY) days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
}

/** Whole units by percentages; who is owed the most of a unit gets it first. */
export function cut(amount: number, shares: readonly Share[]): number[] {
  const parts = shares.map(({ percent }) => Math.floor((amount * percent) / 100));
  const owed = shares.map(({ percent }, index) => amount * percent - parts[index]! * 100);
  for (let left = amount - parts.reduce((a, b) => a + b, 0); left > 0; left -= 1) {
    const most = owed.indexOf(Math.max(...owed));
    parts[most]! += 1;
    owed[most] = -1;
  }
  return parts;
}

const text = (value: unknown): string => value as string; // what the histories put there
const sharesOf = (data: Data): readonly Share[] => (data['shares'] as readonly Share[] | undefined) ?? [{ memberId: text(data['ownerId']), percent: 100 }];

/** What the events come to, as lists. */
function read(events: readonly Recorded[], { credit }: Question) {
  const all = events.map((event) => ({ event, data: event.data as Data }));
  const of = groupedBy(all, ({ event }) => event.type);
  const having = new Map(['dealId', 'leadId', 'meetingId', 'targetId', 'memberId'].map((field) => [field, groupedBy(all, ({ data }) => data[field])]));
  const about = (field: string, id: unknown, ...types: string[]) => having.get(field)!(id).filter(({ event }) => types.includes(event.type));
  const credits: Credit[] = [];
  const open: { id: unknown; shares: readonly Share[]; value: Money; rate: { to: string; perUnitMicro: number } | undefined; stage: string; expected: string | undefined }[] = [];

  for (const { data: opening } of of('DealOpened')) {
    const story = about('dealId', opening['dealId'], 'DealOpened', 'DealStageChanged', 'DealReassigned', 'DealCreditSplit', 'DealValueRevised', 'DealClosed', 'DealReopened');
    const happened = inOrder(story, story[0]!.event.occurredAt);
    const terms = happened.filter(({ event }) => ['DealOpened', 'DealValueRevised', 'DealClosed'].includes(event.type));
    const last = (field: string): unknown => terms.findLast(({ data }) => data[field] !== undefined)?.data[field];
    const owner = happened.findLast(({ event }) => event.type === 'DealOpened' || event.type === 'DealReassigned')!.data['ownerId'];
    const split = happened.findLast(({ event }) => event.type === 'DealCreditSplit')?.data;
    const present = sharesOf({ ownerId: owner, shares: split?.['shares'] });
    let won: { event: Recorded; data: Data } | undefined;
    for (const each of story) {
      const { event, data } = each;
      if (event.type === 'DealClosed') won = data['outcome'] === 'won' ? each : undefined;
      const counts = event.type === 'DealClosed' ? won : event.type === 'DealReopened' && data['outcome'] === 'won' ? won : undefined;
      if (!counts) continue;
      const sign = event.type === 'DealClosed' ? 1 : -1;
      const value = counts.data['value'] as Money;
      const rate = counts.data['rate'] as { to: string; perUnitMicro: number } | undefined;
      const shares = credit === 'current' ? present : sharesOf(counts.data);
      const parts = cut(value.amountMinor, shares);
      const others = rate && cut(Math.round((value.amountMinor * rate.perUnitMicro) / 1e6), shares);
      shares.forEach(({ memberId, percent }, index) => credits.push({
        metric: 'deal', id: opening['dealId'], event: event.id, kind: sign > 0 ? 'won' : 'reversed', at: event.occurredAt, standing: counts.event.occurredAt, member: memberId,
        percent: sign * percent, value: sign * parts[index]!, currency: value.currency, converted: others && sign * others[index]!, convertedTo: rate?.to,
      }));
    }
    const ending = story.findLast(({ event }) => ['DealOpened', 'DealClosed', 'DealReopened'].includes(event.type))!;
    const stage = story.findLast(({ data }) => data['stage'] ?? data['to'])!.data; // it was opened in one
    if (ending.event.type !== 'DealClosed') open.push({ id: opening['dealId'], shares: present, value: last('value') as Money, rate: last('rate') as { to: string; perUnitMicro: number } | undefined, stage: text(stage['to'] ?? stage['stage']), expected: last('expectedCloseOn') as string | undefined });
  }
  const plain = (metric: 'meeting' | 'lead', id: unknown, event: Recorded, member: unknown): Credit => ({ metric, id, event: event.id, kind: 'other', at: event.occurredAt, standing: event.occurredAt, member: member as string | undefined, percent: 100, value: 0, currency: undefined, converted: undefined, convertedTo: undefined });
  for (const { event, data } of of('MeetingHeld')) credits.push(plain('meeting', data['meetingId'], event, about('meetingId', data['meetingId'], 'MeetingScheduled')[0]!.data['ownerId']));
  for (const { event: captor, data: captured } of of('LeadCaptured')) {
    const id = captured['leadId'];
    const [first] = about('leadId', id, 'LeadQualified');
    if (!first || about('leadId', id, 'LeadMerged').length > 0) continue;
    const owner = credit === 'current' ? inOrder(about('leadId', id, 'LeadCaptured', 'LeadAssigned'), captor.occurredAt).findLast(({ data }) => data['ownerId'] !== undefined)?.data['ownerId'] : first.data['ownerId'];
    credits.push(plain('lead', id, first.event, owner));
  }
  const chance = (stage: string): number | undefined => {
    const [found] = inOrder(of('PipelineDefined')).flatMap(({ data }) => data['stages'] as { stage: string; probabilityPercent: number }[]).filter((each) => each.stage === stage).slice(-1);
    return found?.probabilityPercent;
  };
  return { of, about, credits, open, chance };
}

/** Latest by date; of two at the same moment the one told later. What is told of before the beginning began with it. */
function inOrder<T extends { event: Recorded }>(list: readonly T[], beginning?: string): T[] {
  const when = ({ event }: T): number => Math.max(Date.parse(event.occurredAt), beginning === undefined ? -Infinity : Date.parse(beginning));
  return list.map((each, index) => ({ each, index })).sort((a, b) => when(a.each) - when(b.each) || a.index - b.index).map(({ each }) => each);
}

export function attainmentOracle(events: readonly Recorded[], now: string, question: Question) {
  const { of, about, credits, open, chance } = read(events, question);
  const standing = (member: string | undefined, at: string, field: 'teamId' | 'role'): string | undefined => {
    if (member === undefined) return undefined;
    const changes = inOrder(about('memberId', member, 'MemberAdded', 'MemberMovedToTeam', 'RoleChanged'));
    const before = changes.filter(({ event }, index) => index === 0 || event.occurredAt <= at);
    return (before.findLast(({ data }) => data[field] !== undefined)?.data[field] as string | undefined) ?? (field === 'role' ? 'coordinator' : undefined);
  };
  const fiscalStart = (inOrder(of('PolicySet')).map(({ data }) => (data['settings'] as { fiscalYearStartMonth?: number }).fiscalYearStartMonth).findLast((month) => month !== undefined) ?? 1) - 1;
  /** Where a deal or lead came from and what it is about. */
  const originOf = (metric: Credit['metric'], id: unknown): Record<string, unknown> => {
    const deal = metric === 'deal' ? about('dealId', id, 'DealOpened')[0]?.data : undefined;
    const lead = about('leadId', metric === 'lead' ? id : deal?.['leadId'], 'LeadCaptured')[0]?.data;
    return { pipeline: deal?.['pipelineId'], campaign: deal?.['campaignId'] ?? lead?.['campaignId'], ...Object.fromEntries(['source', 'product', 'region', 'segment'].map((name) => [name, deal?.[name] ?? lead?.[name]])) };
  };
  const isAskedFor = (metric: Credit['metric'], id: unknown): boolean => ORIGINS.every((name) => question[name] === undefined || originOf(metric, id)[name] === question[name]);
  /** What a credit is grouped by, in the words of the question; undefined for what it has none of. */
  const groupOf = ({ metric, id, member, at, standing: then }: Credit, zone: string): string | undefined => {
    const day = dayOf(at, zone);
    const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - fiscalStart;
    const year = `${fiscalStart > 0 ? 'FY' : ''}${Math.floor(months / 12)}`;
    const judgedAt = question.credit === 'current' ? now : then;
    const values: Record<string, unknown> = {
      member, team: standing(member, judgedAt, 'teamId'), role: standing(member, judgedAt, 'role'), ...originOf(metric, id), day, week: weekOf(day), month: day.slice(0, 7), quarter: `${year}-Q${Math.floor((months % 12) / 3) + 1}`, year,
    };
    return values[question.groupBy] as string | undefined; // all of them are text
  };
  const quotes = inOrder(of('DealOpened').concat(of('DealValueRevised'), of('DealClosed')).filter(({ data }) => data['rate'])).filter(({ event }) => event.occurredAt.slice(0, 10) <= (question.ratesOn ?? ''));
  /** What one unit was worth on the date asked for; all currencies of these histories have cents. */
  const constant = (code: string | undefined, into: string | undefined): number | undefined => {
    const quote = quotes.findLast(({ data }) => (data['value'] as Money).currency === code && (data['rate'] as { to: string }).to === into);
    return quote && (quote.data['rate'] as { perUnitMicro: number }).perUnitMicro / 1e6;
  };
  const asOfCredit = (credit: Credit): string => (question.credit === 'current' ? now : credit.standing);

  const answers = of('TargetSet').map(({ event: setting, data }) => {
    const id = text(data['targetId']);
    const { from, to } = data['period'] as { from: string; to: string };
    const zone = question.tz ?? text(data['zone']);
    const scope = text(data['scope']);
    const scopeId = data['scopeId'] as string | undefined;
    const metric = text(data['metric']);
    const currency = data['currency'] as string | undefined;
    const subject = metric === 'meetings_held' ? 'meeting' : metric === 'qualified_leads' ? 'lead' : 'deal';
    const revisions = inOrder(about('targetId', id, 'TargetRevised'));
    const amounts = [{ data }, ...revisions];
    const withdrawn = about('targetId', id, 'TargetWithdrawn').length > 0;
    const amount = amounts.at(-1)!.data['amount'] as number;
    const weights = amounts.at(-1)!.data['weights'] as number[] | undefined;
    const belongs = (member: string | undefined, at: string): boolean => scope === 'company' || (scope === 'member' ? member === scopeId : standing(member, at, 'teamId') === scopeId);
    const worth = (credit: { percent: number; value: number; currency: string | undefined; converted: number | undefined; convertedTo: string | undefined }): number | undefined =>
      metric !== 'booked_value' ? credit.percent / 100 : credit.currency === currency ? credit.value : question.convert === 'at-event' && credit.convertedTo === currency ? credit.converted
        : question.convert === 'constant' && constant(credit.currency, currency) !== undefined ? credit.value * constant(credit.currency, currency)! : undefined;
    const within = (first: string, last: string): Credit[] => credits.filter((each) => each.metric === subject && dayOf(each.at, zone) >= first && dayOf(each.at, zone) <= last && belongs(each.member, asOfCredit(each)) && isAskedFor(each.metric, each.id));
    // Halves go up, also where summing has made a half a hair less.
    const round = (sum: number): number => (metric === 'booked_value' ? Math.round(sum + 1e-6) : Math.round(sum * 100 + 1e-6) / 100) + 0;
    const sum = (list: readonly Credit[]): number => round(list.reduce((all, each) => all + (worth(each) ?? 0), 0));
    const counted = within(from, to);
    const booked = sum(counted);

    const today = dayOf(now, zone);
    const calendar = (day: string): { weekdays: number[]; holidays: string[] } => {
      const own = scope === 'member' ? inOrder(about('memberId', scopeId, 'WorkCalendarSet')).filter(({ event }) => dayOf(event.occurredAt, zone) <= day).at(-1) : undefined;
      if (own) return own.data as unknown as { weekdays: number[]; holidays: string[] }; // a work calendar has both
      const policies = inOrder(of('PolicySet').map(({ event, data: { settings } }) => ({ event, settings: settings as { businessDays?: number[]; holidays?: string[] } })).filter(({ settings }) => settings.businessDays ?? settings.holidays));
      const inForce = policies.filter(({ event }, index) => index === 0 || dayOf(event.occurredAt, zone) <= day);
      return { weekdays: inForce.findLast(({ settings }) => settings.businessDays)?.settings.businessDays ?? [1, 2, 3, 4, 5], holidays: inForce.findLast(({ settings }) => settings.holidays)?.settings.holidays ?? [] };
    };
    const days = daysBetween(from, to);
    const works = new Map(days.map((day) => [day, calendar(day).weekdays.includes(new Date(day).getUTCDay() || 7) && !calendar(day).holidays.includes(day)]));
    const planned = (until: string, curve: number[] | undefined): number => {
      let share = 0;
      const months = [...new Set(days.map((day) => day.slice(0, 7)))];
      months.forEach((month, index) => {
        const all = days.filter((day) => day.startsWith(month));
        const working = all.filter((day) => works.get(day));
        const over = (list: string[]): number => list.filter((day) => day <= until).length;
        if (!curve) share += over(working);
        else share += (curve[index] ?? 0) * (working.length > 0 ? over(working) / working.length : over(all) / all.length);
      });
      return share;
    };
    const yesterday = new Date(Date.parse(today) - DAY).toISOString().slice(0, 10);
    const elapsed = planned(yesterday, weights);
    const total = planned(to, weights);
    const working = days.filter((day) => works.get(day));
    const remainingDays = working.filter((day) => day >= today).length;
    const ends = days.filter((day, index) => index === days.length - 1 || (from.slice(0, 7) === to.slice(0, 7) ? new Date(day).getUTCDay() === 0 : !days[index + 1]!.startsWith(day.slice(0, 7))));
    const pipeline = open.flatMap(({ id: dealId, shares, value, rate, stage, expected }) => {
      if (!isAskedFor('deal', dealId) || expected === undefined || expected < from || expected > to) return [];
      const parts = cut(value.amountMinor, shares);
      const others = rate && cut(Math.round((value.amountMinor * rate.perUnitMicro) / 1e6), shares);
      return shares.flatMap(({ memberId, percent }, index) => (belongs(memberId, now) ? [(worth({ percent, value: parts[index]!, currency: value.currency, converted: others?.[index], convertedTo: rate?.to }) ?? 0)].map((own) => ({ own, weighted: (own * (chance(stage) ?? 0)) / 100 })) : []));
    });
    const weighted = pipeline.reduce((all, each) => all + each.weighted, 0);
    const openValue = round(pipeline.reduce((all, { own }) => all + own, 0));
    const judged = new Date(Math.min(Date.parse(now), daysStart(to, zone))).toISOString();
    const sameAims = of('TargetSet').filter(({ data: other }) => other['metric'] === metric && (other['period'] as { from: string }).from === from && (other['period'] as { to: string }).to === to && other['currency'] === currency && about('targetId', other['targetId'], 'TargetWithdrawn').length === 0)
      .filter(({ data: other }) => (scope === 'company' ? other['scope'] !== 'company' : scope === 'team' && other['scope'] === 'member' && standing(text(other['scopeId']), judged, 'teamId') === scopeId));
    const aims = new Map<string, number>();
    for (const { data: other } of sameAims) aims.set(text(other['scope']), (aims.get(text(other['scope'])) ?? 0) + ((inOrder(about('targetId', other['targetId'], 'TargetRevised')).at(-1)?.data['amount'] ?? other['amount']) as number));
    const members = new Map<string, number>();
    for (const credit of counted) {
      const group = groupOf(credit, zone) ?? 'nobody';
      if (worth(credit) !== undefined) members.set(group, (members.get(group) ?? 0) + worth(credit)!);
    }
    const foreign = new Map<string, number>();
    for (const credit of counted) if (worth(credit) === undefined && credit.currency !== undefined) foreign.set(credit.currency, (foreign.get(credit.currency) ?? 0) + credit.value);
    const expected = total === 0 ? null : round((amount * elapsed) / total);
    const measured = {
      attainment: booked / amount, elapsedDays: working.length - remainingDays, remainingDays, totalDays: working.length, expectedToDate: expected, pace: expected === null || expected === 0 ? null : booked / expected,
      runRateForecast: elapsed === 0 ? null : round((booked / elapsed) * total), requiredPerDay: remainingDays === 0 ? null : round((amount - booked) / remainingDays),
      linearity: ends.map((day) => [day, day < today, sum(within(from, day)), total === 0 ? 0 : round((amount * planned(day, weights)) / total)] as const),
      pipelineForecast: subject === 'deal' ? round(booked + round(weighted)) : null, coverage: subject !== 'deal' ? null : [openValue, amount - booked, amount > booked ? openValue / (amount - booked) : null], attainmentAsSet: booked / (data['amount'] as number),
    };
    return {
      id, status: withdrawn ? 'withdrawn' : today < from ? 'upcoming' : today > to ? 'over' : 'running', booked, won: sum(counted.filter(({ kind }) => kind !== 'reversed')), reversed: sum(counted.filter(({ kind }) => kind === 'reversed')),
      sampleSize: new Set(counted.filter((each) => worth(each) !== undefined).map(({ event }) => event)).size, set: [data['amount'], setting.occurredAt], amount, revisions: revisions.map(({ event, data: to }) => [event.occurredAt, to['amount']]),
      measured: withdrawn ? null : measured, aims, foreign, members: new Map([...members].map(([member, own]) => [member, round(own)])),
    };
  });
  return new Map(answers.map((answer) => [answer.id, answer]));
}

/** When a day begins in a zone, found by looking for the first minute that is in it. */
function daysStart(day: string, zone: string): number {
  let low = Date.parse(day) - DAY;
  let high = Date.parse(day) + DAY;
  while (high - low > 60_000) {
    const middle = low + Math.floor((high - low) / 120_000) * 60_000;
    if (dayOf(new Date(middle).toISOString(), zone) < day) low = middle;
    else high = middle;
  }
  return high;
}
