import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { AgendaAsked } from './agenda.compare.js';
import type { Question as BonusQuestion } from './bonus-accrual.js';
import type { Question as CalendarQuestion } from './calendar.js';
import type { Question as EfficiencyQuestion } from './coordinator-efficiency.js';
import type { At } from './differences.js';
import type { Question as CampaignsQuestion } from './campaigns.js';
import type { Question as EnablementQuestion } from './enablement.js';
import type { Question as FunnelQuestion } from './funnel.js';
import type { DuplicatesAsked } from './lead-duplicates.compare.js';
import type { Reader } from './lead-duplicates.js';
import type { Question as RetentionQuestion } from './retention.js';
import type { TargetsAsked } from './target-attainment.compare.js';
import type { TimelineAsked } from './timeline.compare.js';
import { nameOf } from './timeline.js';

/*
 * What is asked about a made-up company: each report in several cuts, at several moments of knowledge. Random histories ask for every
 * combination of parameters; these ask whether the figures of a long, believable life are the same too.
 */

const ZONE = 'Europe/Copenhagen';
const ZONES = [ZONE, 'America/New_York', 'Asia/Singapore'];
const DAY_MS = 86_400_000;
/** Days that a period has: about a quarter. */
const PERIOD_DAYS = 91;
const PAGE = 500;

/** The day `days` before a moment. */
const dayBefore = (asOf: Instant, days: number): string => new Date(Date.parse(asOf) - days * DAY_MS).toISOString().slice(0, 10);

interface Named { readonly data: { readonly ownerId?: string; readonly subject?: { readonly kind: string; readonly id: string } } }

/** The members that most events name as owner, the busiest first. */
function busiest(events: readonly Recorded[]): string[] {
  const counts = new Map<string, number>();
  for (const { data: { ownerId } } of events as readonly Named[]) if (ownerId !== undefined) counts.set(ownerId, (counts.get(ownerId) ?? 0) + 1); // plain events, read by hand
  return [...counts].sort(([, a], [, b]) => b - a).map(([member]) => member);
}

/** One question for each way to ask, every way at every moment. */
const atEach = <Q>(moments: readonly Instant[], ask: (asOf: Instant, zone: string) => readonly Q[]): At<Q>[] => moments.flatMap((asOf, index) => ask(asOf, ZONES[index % ZONES.length]!).map((asked) => ({ asked, asOf })));

export const funnelQuestions = (moments: readonly Instant[], groups: readonly string[]): At<FunnelQuestion>[] => atEach(moments, (asOf, tz) => groups.map((groupBy, index): FunnelQuestion => ({
  from: dayBefore(asOf, PERIOD_DAYS), to: dayBefore(asOf, 0), tz, groupBy, credit: index % 2 ? 'current' : 'at-event', cohortStep: ['captured', 'qualified', 'deal_opened', 'proposal'][index % 4]!,
  ...(index % 3 === 0 ? { convert: 'none' } : { currency: 'EUR', convert: index % 3 === 1 ? 'at-event' : 'constant' }),
})));

export const retentionQuestions = (moments: readonly Instant[], groups: readonly string[]): At<RetentionQuestion>[] => atEach(moments, (asOf, tz) => groups.map((groupBy, index): RetentionQuestion => ({
  from: dayBefore(asOf, PERIOD_DAYS), to: dayBefore(asOf, 0), tz, groupBy, credit: index % 2 ? 'current' : 'at-event', cohort: index % 2 ? 'buying' : 'active', cohorts: 6,
  ...(index % 2 === 0 ? { convert: 'none' } : { currency: 'EUR', convert: 'constant' }),
})));

export const efficiencyQuestions = (moments: readonly Instant[], groups: readonly string[]): At<EfficiencyQuestion>[] => atEach(moments, (asOf, tz) => groups.map((groupBy, index): EfficiencyQuestion => ({
  from: dayBefore(asOf, 28), to: dayBefore(asOf, 0), tz, groupBy, credit: index % 2 ? 'current' : 'at-event',
})));

/** Every target of the simulated time. */
export const targetQuestions = (events: readonly Recorded[], moments: readonly Instant[], groups: readonly string[]): At<TargetsAsked>[] => atEach(moments, (asOf) => groups.map((groupBy, index): TargetsAsked => ({
  from: dayBefore(events[0]!.recordedAt, 100), to: dayBefore(events.at(-1)!.recordedAt, -100), groupBy, credit: index % 2 ? 'current' : 'at-event', convert: (['at-event', 'constant', 'none'] as const)[index % 3]!, ratesOn: dayBefore(asOf, 0),
})));

/** The bonuses of the quarter before and of the present one. */
export const bonusQuestions = (moments: readonly Instant[]): At<BonusQuestion>[] => atEach(moments, (asOf) => [PERIOD_DAYS, 0].map((days, index): BonusQuestion => ({ on: dayBefore(asOf, days), convert: index ? 'constant' : 'at-event', ratesOn: dayBefore(asOf, 0) })));

export const agendaQuestions = (events: readonly Recorded[], moments: readonly Instant[]): At<AgendaAsked>[] => atEach(moments, () => {
  const [first, second] = busiest(events);
  return [{ limit: PAGE }, { limit: PAGE, state: 'blocked' }, { limit: PAGE, state: 'missed' }, { limit: 20, who: first! }, { limit: PAGE, state: 'late', who: second! }];
});

/** The weeks around a moment, for everybody and for the busiest member. */
export const calendarQuestions = (events: readonly Recorded[], moments: readonly Instant[]): At<CalendarQuestion>[] => {
  const [first] = busiest(events);
  return atEach(moments, (asOf, tz) => [{ from: dayBefore(asOf, 7), to: dayBefore(asOf, -7), tz }, { from: dayBefore(asOf, 60), to: dayBefore(asOf, -30), tz, who: [first!] }]);
};

export const campaignQuestions = (moments: readonly Instant[]): At<CampaignsQuestion>[] => atEach(moments, (asOf) => [{}, { from: dayBefore(asOf, PERIOD_DAYS), to: dayBefore(asOf, 0) }, { channel: 'email' }]);

export const enablementQuestions = (events: readonly Recorded[], moments: readonly Instant[]): At<EnablementQuestion>[] => {
  const [first, second] = busiest(events);
  return atEach(moments, (asOf, tz) => [
    { from: dayBefore(asOf, PERIOD_DAYS), to: dayBefore(asOf, 0), tz, expiringDays: 60 }, { from: dayBefore(asOf, 400), to: dayBefore(asOf, 0), tz, expiringDays: 400 }, { from: dayBefore(asOf, 30), to: dayBefore(asOf, 0), tz, expiringDays: 90, who: [first!, second!] },
  ]);
};

export const duplicatesQuestions = (events: readonly Recorded[], moments: readonly Instant[]): At<DuplicatesAsked>[] => atEach(moments, () => [{ limit: PAGE }, { limit: 2 }, { limit: 20, owner: busiest(events)[0]! }]);

/** The simulation types the same thing in small and capital letters, and every number with its country. */
export const SIMULATED_TEXTS: Reader = {
  email: (text) => text.toLowerCase(), person: (text) => text.toLowerCase(), company: (text) => text.toLowerCase(),
  phone: (text) => ({ tail: text.replace(/\D/g, '').slice(-8), whole: text.replace(/\D/g, '') }),
};

/** Of the busiest members, and of whatever most meetings and follow-ups are about. */
export const timelineQuestions = (events: readonly Recorded[], moments: readonly Instant[]): At<TimelineAsked>[] => {
  const counts = new Map<string, number>();
  for (const { data: { subject } } of events as readonly Named[]) if (subject) counts.set(`${subject.kind}-${subject.id}`, (counts.get(`${subject.kind}-${subject.id}`) ?? 0) + 1); // plain events, read by hand
  const ofKind = (kind: string): string => nameOf([...counts].filter(([stream]) => stream.startsWith(`${kind}-`)).sort(([, a], [, b]) => b - a)[0]![0]);
  const [first, second] = busiest(events);
  return atEach(moments, (asOf) => [
    { limit: PAGE, who: first, day: dayBefore(asOf, 30) }, { limit: PAGE, about: ofKind('client') }, { limit: 20, about: ofKind('deal') }, { limit: 20, about: ofKind('lead') }, { limit: PAGE, who: second, type: 'FollowUpCompleted' },
    { limit: PAGE, who: first, about: ofKind('client') }, { limit: PAGE, day: dayBefore(asOf, 3) },
  ]);
};
