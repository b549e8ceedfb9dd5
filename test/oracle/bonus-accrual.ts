import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { groupedBy } from './grouped-by.js';
import { cut, dayOf } from './target-attainment.js';

/* Bonus accrual once more, as plain loops over the events: no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

export interface Question { on: string; tz?: string; convert: string; ratesOn: string }
interface Tier { attainmentPercentFrom: number; rateBasisPoints?: number; amountMinor?: number }
/** One thing that counts for a member. */
interface Item { subject: string; at: string; amount: number; back: string | undefined; first: boolean }

const DAY_MS = 86_400_000;
const MONTHS: Record<string, number> = { month: 1, quarter: 3, year: 12 };

/** The whole calendar unit of the fiscal year that a day lies in. */
function unitOf(kind: string, day: string, fiscalStart: number): { from: string; to: string } {
  const size = MONTHS[kind]!;
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  let first = month;
  while ((first - (fiscalStart - 1)) % size !== 0) first -= 1;
  return { from: isoDay(first), to: new Date(Date.parse(isoDay(first + size)) - DAY_MS).toISOString().slice(0, 10) };
}
const isoDay = (month: number): string => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;

/** What an amount earns: each tier's rate on the part that lies in it, or its amount once reached; never more than the cap. */
function earned({ tiers, capMinor }: { tiers: Tier[]; capMinor?: number }, target: number, sum: number): number {
  let all = 0;
  tiers.forEach((tier, index) => {
    const from = (target * tier.attainmentPercentFrom) / 100;
    const next = tiers[index + 1];
    const until = next ? (target * next.attainmentPercentFrom) / 100 : Infinity;
    if (sum < from) return;
    all += tier.amountMinor ?? Math.round(((Math.min(sum, until) - from) * tier.rateBasisPoints!) / 10_000);
  });
  return capMinor === undefined ? all : Math.min(all, capMinor);
}

/** By when it happened; of one moment the one told later comes later, as sorting leaves it. */
const byTime = (a: Event, b: Event): number => Date.parse(a.occurredAt) - Date.parse(b.occurredAt);

export function bonusOracle(events: readonly Event[], question: Question) {
  const of = groupedBy(events, ({ type }) => type);
  const ofDeal = groupedBy([...of('DealOpened'), ...events.filter(({ type }) => ['DealClosed', 'DealReopened'].includes(type))], ({ data }) => data.dealId);
  const planned = groupedBy(of('MeetingScheduled'), ({ data }) => data.meetingId);
  const merged = groupedBy(of('LeadMerged'), ({ data }) => data.leadId);
  const firsts = (type: string, id: string): Map<string, Event> => { const found = new Map<string, Event>(); for (const event of of(type)) if (!found.has(event.data[id])) found.set(event.data[id], event); return found; };
  const settings = Object.assign({}, ...[...of('PolicySet')].sort(byTime).map(({ data }) => data.settings));
  const fiscalStart: number = settings.fiscalYearStartMonth ?? 1;
  const quotes = [...of('DealOpened'), ...of('DealValueRevised'), ...of('DealClosed')].filter(({ data, occurredAt }) => data.rate && occurredAt.slice(0, 10) <= question.ratesOn).sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.position - b.position));

  /** Everything that a member was credited with, when it happened. */
  const itemsOf = (member: string, metric: string, currency: string): { items: Item[]; reversals: { at: string; won: string; amount: number }[] } => {
    const items: Item[] = [];
    const reversals: { at: string; won: string; amount: number }[] = [];
    if (metric === 'meetings_held') {
      for (const held of of('MeetingHeld')) if (planned(held.data.meetingId)[0]!.data.ownerId === member) items.push({ subject: held.data.meetingId, at: held.occurredAt, amount: 1, back: undefined, first: true });
      return { items, reversals };
    }
    if (metric === 'qualified_leads') {
      for (const [leadId, { data, occurredAt }] of firsts('LeadQualified', 'leadId')) if (data.ownerId === member && merged(leadId).length === 0) items.push({ subject: leadId, at: occurredAt, amount: 1, back: undefined, first: true });
      return { items, reversals };
    }
    for (const { data: { dealId } } of of('DealOpened')) {
      const story = ofDeal(dealId).slice(1); // but for its opening
      const wins = story.filter(({ type, data }) => type === 'DealClosed' && data.outcome === 'won');
      for (const win of wins) {
        const { value, rate, ownerId, shares = [{ memberId: ownerId, percent: 100 }] } = win.data;
        const back = story[story.indexOf(win) + 1]?.occurredAt;
        const quote = quotes.findLast(({ data }) => data.value.currency === value.currency && data.rate.to === currency)?.data.rate;
        const index = shares.findIndex(({ memberId }: any) => memberId === member);
        if (index < 0) continue;
        const parts = cut(value.amountMinor, shares);
        const amount = value.currency === currency ? parts[index]!
          : question.convert === 'at-event' && rate?.to === currency ? cut(Math.round((value.amountMinor * rate.perUnitMicro) / 1e6), shares)[index]!
          : question.convert === 'constant' && quote ? (parts[index]! * quote.perUnitMicro) / 1e6 : undefined;
        if (amount === undefined) continue;
        items.push({ subject: dealId, at: win.occurredAt, amount, back, first: !wins.some(({ occurredAt }) => occurredAt < win.occurredAt) });
        if (back !== undefined) reversals.push({ at: back, won: win.occurredAt, amount });
      }
    }
    return { items, reversals };
  };

  const answers = new Map<string, { target: string | null; basis: number; attainment: number | null; earned: number; clawback: number; takenFrom: string[] }>();
  for (const plan of of('BonusPlanDefined').map(({ data }) => data)) {
    const terms = [...of('BonusPlanDefined'), ...of('BonusPlanRevised')].filter(({ data }) => data.planId === plan.planId).sort(byTime).map(({ data }) => data);
    const termsFor = (from: string): any => terms.filter(({ effectiveFrom }) => effectiveFrom <= from).reduce((best: any, each) => (best && best.effectiveFrom > each.effectiveFrom ? best : each), undefined);
    const period = unitOf(plan.periodKind, question.on, fiscalStart);
    const own = termsFor(period.from);
    for (const member of own?.memberIds ?? []) {
      const { items, reversals } = itemsOf(member, plan.metric, plan.currency);
      /** The target and zone of a member's period. */
      const aim = (from: string, to: string) => {
        const found = of('TargetSet').filter(({ data }) => data.scope === 'member' && data.scopeId === member && data.metric === plan.metric && data.period.from === from && data.period.to === to && (data.currency ?? plan.currency) === plan.currency && !of('TargetWithdrawn').some((gone) => gone.data.targetId === data.targetId))
          .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.data.targetId < b.data.targetId ? -1 : 1)).at(-1)?.data;
        const amount: number | undefined = found && (of('TargetRevised').filter(({ data }) => data.targetId === found.targetId).sort(byTime).at(-1)?.data.amount ?? found.amount);
        return { id: found?.targetId as string | undefined, amount, zone: question.tz ?? found?.zone ?? settings.zone ?? 'UTC' };
      };
      const here = aim(period.from, period.to);
      const inPeriod = (at: string): boolean => dayOf(at, here.zone) >= period.from && dayOf(at, here.zone) <= period.to;
      const counted = (from: string, to: string, zone: string, by: any): Item[] => items.filter(({ at, first }) => dayOf(at, zone) >= from && dayOf(at, zone) <= to && (by.clawback || first));
      const total = (list: readonly { amount: number }[]): number => list.reduce((all, { amount }) => all + amount, 0);
      const now = counted(period.from, period.to, here.zone, own);

      // What is taken back here: of this period, and of each earlier one whose deals were reopened in this one.
      const paid = new Map([[period.from, period]]);
      for (const { at, won } of reversals) if (inPeriod(at)) { const then = unitOf(plan.periodKind, dayOf(won, here.zone), fiscalStart); if (then.from < period.from) paid.set(then.from, then); }
      let clawback = 0;
      const takenFrom: string[] = [];
      for (const { from, to } of paid.values()) {
        const by = termsFor(from);
        const then = aim(from, to);
        if (!by?.clawback || !by.memberIds.includes(member) || then.amount === undefined) continue;
        const list = counted(from, to, then.zone, by);
        const taken = list.filter(({ back }) => back !== undefined && inPeriod(back));
        const before = (back: string | undefined): boolean => back !== undefined && dayOf(back, here.zone) < period.from;
        const left = (keep: (item: Item) => boolean): number => earned(by, then.amount!, total(list.filter(keep)));
        clawback += left(({ back }) => !before(back) && !(back !== undefined && inPeriod(back))) - left(({ back }) => !before(back));
        takenFrom.push(...taken.map(({ subject }) => subject));
      }
      const booked = total(items.filter(({ at }) => inPeriod(at))) - total(reversals.filter(({ at }) => inPeriod(at)));
      answers.set(`${plan.planId}/${member}`, {
        target: here.id ?? null, basis: total(now), attainment: here.amount === undefined ? null : Math.floor(booked + 0.5 + 1e-6) / here.amount, // what is shown is whole minor units
        earned: here.amount === undefined ? 0 : earned(own, here.amount, total(now)), clawback: clawback + 0, takenFrom: [...new Set(takenFrom)].sort(),
      });
    }
  }
  return answers;
}
