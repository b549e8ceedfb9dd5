import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { groupedBy } from './grouped-by.js';
import { lapsedDays, zoneOf } from './lapsed-days.js';
import { dayOf } from './target-attainment.js';

/* The funnel once more, as plain loops over the events: no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

export interface Question {
  from: string; to: string; tz: string; groupBy: string; credit: string; cohortStep: string; currency?: string; convert: string; ratesOn?: string;
  owner?: string; team?: string; role?: string; source?: string; pipeline?: string; product?: string; region?: string; segment?: string; campaign?: string;
}

/** What a fact is cut and grouped by. */
interface Cut { at: number; owner: string | null; present: string | null; lead: string | undefined; own: Record<string, string | undefined>; pipeline: string | null }
interface Visit extends Cut { subject: 'lead' | 'deal' | 'meeting'; id: string; number: number; journey: string; kind: 'lead' | 'stage' | 'milestone'; step: string; entered: number; left: number | null; exit: string | null; reason?: string; leaver?: string | null }
interface Amount { amountMinor: number; currency: string; rate: { to: string; perUnitMicro: number } | undefined }
interface Closing { outcome: 'won' | 'lost'; at: number; opened: number; reopened: number | null; owner: string; stage: string; reason: string | undefined; amount: Amount }
interface Deal { id: string; owner: string; opener: string; opened: number; status: string; amount: Amount; lead: string | undefined; own: Record<string, string | undefined>; pipeline: string; closings: Closing[]; blocks: { id: string; cause: string; raised: number; ended: number | null; owner: string }[] }

const DAY_MS = 86_400_000;
const ms = (at: string): number => Date.parse(at);
const LEAD_STEPS = ['captured', 'contacted', 'qualified'];
const PLACES: Record<string, number> = { captured: 0, contacted: 1, qualified: 2, meeting_held: 3, deal_opened: 4 };
const WON = 1_000_000;
const DIGITS: Record<string, number> = { JPY: 0 };
const inMinor = (amount: number, from: string, to: string, perUnitMicro: number): number => Math.round((amount * perUnitMicro * 10 ** ((DIGITS[to] ?? 2) - (DIGITS[from] ?? 2))) / 1e6);
const over = (numerator: number, denominator: number) => [numerator, denominator, denominator > 0 ? numerator / denominator : null];

/** A moment at which a deal is blocked twice is one moment. */
function blockedDays(spans: readonly { deal: string; from: number; to: number }[]): number {
  let days = 0;
  const until = new Map<string, number>();
  for (const { deal, from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const known = until.get(deal) ?? -Infinity;
    days += Math.max(0, to - Math.max(from, known)) / DAY_MS;
    until.set(deal, Math.max(known, to));
  }
  return days;
}

export function spread(values: readonly number[]): (number | null)[] {
  if (values.length === 0) return [0, null, null, null];
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => { const place = share * (sorted.length - 1); const low = Math.floor(place); return sorted[low]! + (place - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!); };
  return [sorted.length, sorted.reduce((a, b) => a + b) / sorted.length, at(0.5), at(0.9)];
}

/** As it happened; what happened at one moment as it was told. What is told of before the beginning began with it. */
const byTime = (events: readonly Event[], beginning = '1970-01-01T00:00:00.000Z'): Event[] =>
  events.map((event, index) => ({ event, index, when: Math.max(ms(event.occurredAt), ms(beginning)) })).sort((a, b) => a.when - b.when || a.index - b.index).map(({ event }) => event);

/** Everything the events say of leads, deals and meetings: their visits, closings and roadblocks. */
function storiesOf(events: readonly Event[]) {
  const visits: Visit[] = [];
  const leads = new Map<string, { captured: number; capturer: string | null; owner: string | null; own: Record<string, string | undefined>; merged: boolean }>();
  const deals: Deal[] = [];
  const dims = (data: any) => ({ source: data.source, campaign: data.campaignId, product: data.product, region: data.region, segment: data.segment });
  const ofLead = groupedBy(events, ({ data }) => data.leadId);
  const ofDeal = groupedBy(events, ({ data }) => data.dealId);
  const planned = groupedBy(events.filter(({ type }) => type === 'MeetingScheduled'), ({ data }) => data.meetingId);
  const leave = (list: Visit[], at: number, exit: string): void => { for (const visit of list) if (visit.kind !== 'milestone' && visit.left === null) { visit.left = Math.max(visit.entered, at); visit.exit = exit; } };

  for (const start of events.filter(({ type }) => type === 'LeadCaptured')) {
    const id = String(start.data.leadId);
    const own = dims(start.data);
    const list: Visit[] = [];
    let owner: string | null = null;
    let status = 'open';
    const enter = (step: string, at: number, by: string | null): void => {
      leave(list, at, 'moved');
      list.push({ subject: 'lead', id, number: list.length + 1, journey: `lead:${id}`, kind: 'lead', step, entered: at, left: null, exit: null, at, owner: by, present: null, lead: id, own, pipeline: null });
    };
    const gives = byTime(ofLead(id).filter(({ type }) => type === 'LeadCaptured' || type === 'LeadAssigned'), start.occurredAt);
    /** Whose the lead was, by all that was ever told of it; or by what was told up to an event. */
    const whose = (at: number, told = gives): string | null => told.filter((give, index) => index === 0 || Math.max(ms(give.occurredAt), ms(start.occurredAt)) <= at).at(-1)?.data.ownerId ?? null;
    enter('captured', ms(start.occurredAt), whose(ms(start.occurredAt)));
    for (const { type, data, occurredAt, position } of ofLead(id)) {
      if (type === 'DealOpened') continue;
      const at = ms(occurredAt);
      const standing = list.find(({ left }) => left === null);
      const isNews = (step: string): boolean => !standing || LEAD_STEPS.indexOf(standing.step) < LEAD_STEPS.indexOf(step);
      if (type === 'LeadContacted' && !data.automated && status === 'open' && isNews('contacted')) enter('contacted', at, whose(at) ?? data.memberId);
      if (type === 'LeadQualified' && isNews('qualified')) enter('qualified', at, data.ownerId ?? whose(at));
      if (type === 'LeadDisqualified' || type === 'LeadMerged' || type === 'LeadConverted') {
        status = { LeadDisqualified: 'disqualified', LeadMerged: 'merged', LeadConverted: 'converted' }[type]!;
        for (const visit of list) if (visit.left === null) { visit.reason = data.reason; visit.leaver = data.ownerId ?? whose(at, gives.filter((give) => give.position <= position)); }
        leave(list, at, status);
      }
      if (type === 'LeadReopened') { status = 'open'; enter(list.at(-1)!.step, at, whose(at)); }
    }
    owner = gives.at(-1)?.data.ownerId ?? null;
    for (const visit of list) visit.present = owner;
    leads.set(id, { captured: ms(start.occurredAt), capturer: whose(ms(start.occurredAt)), owner, own, merged: status === 'merged' });
    if (status !== 'merged') visits.push(...list);
  }

  for (const start of events.filter(({ type }) => type === 'DealOpened')) {
    const { dealId: id, leadId: lead, pipelineId: pipeline } = start.data;
    const own = dims(start.data);
    const at = ms(start.occurredAt);
    const deal: Deal = { id, owner: start.data.ownerId, opener: start.data.ownerId, opened: at, status: 'open', amount: { ...start.data.value, rate: start.data.rate }, lead, own, pipeline, closings: [], blocks: [] };
    const list: Visit[] = [];
    const visit = (number: number, kind: Visit['kind'], step: string, entered: number, owner: string): void =>
      void list.push({ subject: 'deal', id, number, journey: lead === undefined ? `deal:${id}` : `lead:${lead}`, kind, step, entered, left: null, exit: null, at: entered, owner, present: null, lead, own, pipeline });
    const stages = (): number => list.filter(({ kind }) => kind === 'stage').length;
    visit(0, 'milestone', 'deal_opened', at, deal.owner);
    const said = byTime(ofDeal(id), start.occurredAt);
    const gives = said.filter(({ type }) => type === 'DealOpened' || type === 'DealReassigned');
    const whose = (when: number): string => gives.filter((give, index) => index === 0 || Math.max(ms(give.occurredAt), at) <= when).at(-1)!.data.ownerId;
    const priced = said.filter(({ type }) => type === 'DealOpened' || type === 'DealValueRevised' || type === 'DealClosed');
    visit(1, 'stage', start.data.stage, at, whose(at));
    deal.owner = gives.at(-1)!.data.ownerId;
    deal.amount = { ...priced.at(-1)!.data.value, rate: priced.findLast(({ data }) => data.rate)?.data.rate };
    for (const { type, data, occurredAt } of ofDeal(id)) {
      const when = ms(occurredAt);
      if (type === 'DealStageChanged') { leave(list, when, 'moved'); visit(stages() + 1, 'stage', data.to, when, whose(when)); }
      if (type === 'RoadblockRaised') deal.blocks.push({ id: data.roadblockId, cause: data.cause, raised: when, ended: null, owner: whose(when) });
      for (const block of deal.blocks) if (block.ended === null && (type === 'DealClosed' || (type === 'RoadblockCleared' && block.id === data.roadblockId))) block.ended = Math.max(block.raised, when);
      if (type === 'DealClosed') {
        leave(list, when, data.outcome);
        deal.status = data.outcome;
        deal.closings.push({ outcome: data.outcome, at: when, opened: at, reopened: null, owner: data.ownerId, stage: data.stage, reason: data.reason, amount: { ...data.value, rate: data.rate } });
        if (data.outcome === 'won') visit(-deal.closings.length, 'milestone', 'won', when, data.ownerId);
      }
      if (type === 'DealReopened') {
        deal.status = 'open';
        deal.closings.at(-1)!.reopened = Math.max(deal.closings.at(-1)!.at, when);
        visit(stages() + 1, 'stage', data.stage, when, whose(when));
      }
    }
    for (const each of list) each.present = deal.owner;
    deals.push(deal);
    visits.push(...list);
  }

  for (const { data, occurredAt } of events.filter(({ type }) => type === 'MeetingHeld')) {
    const { subject, ownerId: owner } = planned(data.meetingId)[0]!.data;
    if (subject.kind !== 'lead') continue;
    visits.push({ subject: 'meeting', id: data.meetingId, number: 1, journey: `lead:${subject.id}`, kind: 'milestone', step: 'meeting_held', entered: ms(occurredAt), left: null, exit: null, at: ms(occurredAt), owner, present: leads.get(subject.id)?.owner ?? null, lead: subject.id, own: {}, pipeline: null });
  }
  return { visits, leads, deals };
}

/** The ISO week of a day. */
export const weekOf = (day: string): string => {
  const thursday = new Date(ms(day) + (4 - (new Date(day).getUTCDay() || 7)) * DAY_MS);
  return `${thursday.getUTCFullYear()}-W${String(Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * DAY_MS)) + 1).padStart(2, '0')}`;
};

export function funnelOracle(events: readonly Event[], nowAt: string, question: Question) {
  const now = ms(nowAt);
  const { visits, leads, deals } = storiesOf(events);
  const { from, to, tz, currency, convert } = question;
  const dayAt = (at: number): string => dayOf(new Date(at).toISOString(), tz);
  const inPeriod = (at: number): boolean => dayAt(at) >= from && dayAt(at) <= to;
  const settings: any = Object.assign({}, ...byTime(events.filter(({ type }) => type === 'PolicySet')).map(({ data }) => data.settings));
  const pipelines = new Map<string, any[]>(byTime(events.filter(({ type }) => type === 'PipelineDefined')).map(({ data }) => [data.pipelineId, data.stages]));
  const stageOf = (pipeline: string | null, step: string): any => pipelines.get(pipeline ?? '')?.find(({ stage }) => stage === step);

  // Amounts in the currency asked for: null where they cannot be said in it.
  const quotes = events.filter(({ data }) => data.rate && data.value).sort((a, b) => ms(a.occurredAt) - ms(b.occurredAt)).filter(({ occurredAt }) => occurredAt.slice(0, 10) <= (question.ratesOn ?? dayAt(now)));
  const said = ({ amountMinor, currency: own, rate }: Amount): { currency: string | null; minor: number } => {
    if (currency === undefined || own === currency) return { currency: own, minor: amountMinor };
    const found = convert === 'constant' ? quotes.findLast(({ data }) => data.value.currency === own && data.rate.to === currency)?.data.rate : convert === 'at-event' && rate?.to === currency ? rate : undefined;
    return found ? { currency, minor: inMinor(amountMinor, own, currency, found.perUnitMicro) } : { currency: null, minor: 0 };
  };
  const sums = (amounts: readonly { currency: string | null; minor: number }[]): [string, number, number][] =>
    [...new Set(amounts.flatMap((each) => each.currency ?? []))].sort().map((code) => { const own = amounts.filter((each) => each.currency === code); return [code, own.reduce((all, { minor }) => all + minor, 0), own.length]; });

  // Who was in which team and role, by the dates that was true on.
  const ofMember = groupedBy(events.filter(({ type }) => ['MemberAdded', 'RoleChanged', 'MemberMovedToTeam'].includes(type)).sort((a, b) => ms(a.occurredAt) - ms(b.occurredAt)), ({ data }) => data.memberId);
  const standing = (member: string | null, at: number, field: 'teamId' | 'role'): string | undefined => {
    const changes = ofMember(member);
    if (changes.length === 0) return undefined;
    return changes.filter(({ occurredAt }, index) => index === 0 || ms(occurredAt) <= at).findLast(({ data }) => data[field] !== undefined)?.data[field] ?? (field === 'role' ? 'coordinator' : undefined);
  };
  /** The group of a fact; undefined where it was filtered out. */
  const groupOf = ({ at, owner, present, lead, own, pipeline }: Cut): string | undefined => {
    const credited = question.credit === 'current' ? present : owner;
    const dimension = (name: string): string | undefined => own[name] ?? (lead === undefined ? undefined : leads.get(lead)?.own[name]);
    const day = dayAt(at);
    const shift = (settings.fiscalYearStartMonth ?? 1) - 1;
    const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - shift;
    const year = `${shift > 0 ? 'FY' : ''}${Math.floor(months / 12)}`;
    const values: Record<string, string | undefined> = {
      none: 'all', owner: credited ?? undefined, team: standing(credited, at, 'teamId'), role: standing(credited, at, 'role'), pipeline: pipeline ?? undefined, day, week: weekOf(day), month: day.slice(0, 7), quarter: `${year}-Q${Math.floor((months % 12) / 3) + 1}`, year,
      ...Object.fromEntries(['source', 'campaign', 'product', 'region', 'segment'].map((name) => [name, dimension(name)])),
    };
    for (const name of ['owner', 'team', 'role', 'source', 'campaign', 'product', 'region', 'segment'] as const) if (question[name] !== undefined && question[name] !== values[name]) return undefined;
    if (question.pipeline !== undefined && pipeline !== null && pipeline !== question.pipeline) return undefined;
    return values[question.groupBy] ?? 'none';
  };
  const cutOf = (deal: Deal, at: number, owner: string): Cut => ({ at, owner, present: deal.owner, lead: deal.lead, own: deal.own, pipeline: deal.pipeline });
  const place = ({ kind, step, pipeline }: Visit): number => {
    if (kind === 'stage') { const index = pipelines.get(pipeline ?? '')?.findIndex(({ stage }) => stage === step) ?? -1; return index < 0 ? 4 : 10 + index; }
    return step === 'won' ? WON : PLACES[step]!;
  };

  interface Group {
    standing: Map<string, { count: number; amounts: { currency: string | null; minor: number; weighted: number }[] }>; stalled: [string, { currency: string | null; minor: number }][]; blocked: { currency: string | null; minor: number }[];
    causes: Map<string, { open: number; spans: { deal: string; from: number; to: number }[] }>; entries: Map<string, number>; cohort: Visit[][]; durations: Map<string, number[]>; ages: Map<string, number[]>;
    closings: { outcome: string; sign: number; days: number; amount: { currency: string | null; minor: number } }[]; created: string[]; openAges: number[]; leaks: [string, { currency: string | null; minor: number } | undefined][]; leads: string[];
  }
  const groups = new Map<string, Group>();
  const put = (cut: Cut, what: (group: Group) => void): void => {
    const name = groupOf(cut);
    if (name === undefined) return;
    const group = groups.get(name) ?? { standing: new Map(), stalled: [], blocked: [], causes: new Map(), entries: new Map(), cohort: [], durations: new Map(), ages: new Map(), closings: [], created: [], openAges: [], leaks: [], leads: [] };
    groups.set(name, group);
    what(group);
  };
  const add = <T>(map: Map<string, T[]>, key: string, value: T): void => void map.set(key, [...(map.get(key) ?? []), value]);
  const at = (visit: Visit): string => `${visit.kind === 'lead' ? '' : (visit.pipeline ?? '')}/${visit.step}`;

  for (const visit of visits) {
    if (visit.kind === 'milestone' || visit.left !== null) continue;
    const deal = visit.kind === 'stage' ? deals.find(({ id }) => id === visit.id)! : undefined;
    const stage = stageOf(visit.pipeline, visit.step);
    put({ ...visit, at: now, owner: visit.present }, (group) => {
      const own = group.standing.get(at(visit)) ?? { count: 0, amounts: [] };
      group.standing.set(at(visit), own);
      own.count += 1;
      if (!deal) return;
      const amount = said(deal.amount);
      own.amounts.push({ ...amount, weighted: stage ? (amount.minor * stage.probabilityPercent) / 100 : 0 });
      if (stage?.serviceLevelDays !== undefined && lapsedDays(visit.entered, now, zoneOf(events, deal.owner)) > stage.serviceLevelDays) group.stalled.push([at(visit), amount]);
      if (deal.blocks.some(({ ended }) => ended === null)) group.blocked.push(amount);
    });
  }

  // Instants at which the period begins and ends, for what lasts through them.
  const edge = (day: string, after: number): number => { let instant = ms(day) - DAY_MS; while (dayAt(instant) < day) instant += 900_000; return after ? edge(new Date(ms(day) + DAY_MS).toISOString().slice(0, 10), 0) : instant; };
  const since = edge(from, 0);
  const until = edge(to, 1);
  for (const deal of deals) for (const { cause, raised, ended, owner } of deal.blocks) {
    if (ended !== null && (ended < since || raised >= Math.min(until, now))) continue;
    put(cutOf(deal, raised, owner), ({ causes }) => {
      const own = causes.get(cause) ?? { open: 0, spans: [] };
      causes.set(cause, own);
      if (ended === null) own.open += 1;
      own.spans.push({ deal: deal.id, from: Math.max(raised, since), to: Math.min(ended ?? now, until, now) });
    });
  }

  const met = new Set<string>();
  for (const visit of [...visits].sort((a, b) => a.entered - b.entered || (a.id < b.id ? -1 : 1))) {
    if (!inPeriod(visit.entered)) continue;
    if (visit.subject === 'meeting' && met.has(visit.journey)) continue;
    if (visit.subject === 'meeting') met.add(visit.journey);
    put({ ...visit, at: visit.entered }, ({ entries }) => void entries.set(`${visit.pipeline ?? ''}/${visit.step}`, (entries.get(`${visit.pipeline ?? ''}/${visit.step}`) ?? 0) + 1));
  }

  const startPlace = (pipeline: string | null): number => {
    if (question.cohortStep === 'won') return WON;
    const fixed = PLACES[question.cohortStep];
    if (fixed !== undefined) return fixed;
    const index = pipelines.get(pipeline ?? '')?.findIndex(({ stage }) => stage === question.cohortStep) ?? -1;
    return index < 0 ? Infinity : 10 + index;
  };
  const journeys = new Map<string, Visit[]>();
  for (const visit of visits) add(journeys, visit.journey, visit);
  for (const journey of journeys.values()) {
    const [first] = journey.filter((visit) => place(visit) >= startPlace(visit.pipeline)).sort((a, b) => a.entered - b.entered || place(a) - place(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : a.number - b.number));
    if (first && inPeriod(first.entered)) put({ ...first, at: first.entered }, ({ cohort }) => void cohort.push(journey));
  }

  for (const visit of visits) {
    if (visit.kind === 'milestone') continue;
    if (visit.left === null) put({ ...visit, at: now }, ({ ages }) => add(ages, at(visit), (now - visit.entered) / DAY_MS));
    else if (inPeriod(visit.left)) put({ ...visit, at: visit.left }, ({ durations }) => add(durations, at(visit), (visit.left! - visit.entered) / DAY_MS));
    if (visit.exit === 'disqualified' && inPeriod(visit.left!)) put({ ...visit, at: visit.left!, owner: visit.leaver ?? visit.owner }, ({ leaks }) => void leaks.push([`/${visit.step}/disqualified/${visit.reason}`, undefined]));
  }
  for (const deal of deals) {
    if (deal.status === 'open') put(cutOf(deal, now, deal.owner), ({ openAges }) => void openAges.push((now - deal.opened) / DAY_MS));
    if (inPeriod(deal.opened)) put(cutOf(deal, deal.opened, deal.opener), ({ created }) => void created.push(deal.status));
    for (const closing of deal.closings) {
      const amount = said(closing.amount);
      const days = (closing.at - closing.opened) / DAY_MS;
      if (inPeriod(closing.at)) put(cutOf(deal, closing.at, closing.owner), ({ closings }) => void closings.push({ outcome: closing.outcome, sign: 1, days, amount }));
      if (closing.reopened !== null && inPeriod(closing.reopened)) put(cutOf(deal, closing.reopened, closing.owner), ({ closings }) => void closings.push({ outcome: closing.outcome, sign: -1, days, amount }));
      if (closing.outcome === 'lost' && inPeriod(closing.at)) put(cutOf(deal, closing.at, closing.owner), ({ leaks }) => void leaks.push([`${deal.pipeline}/${closing.stage}/lost/${closing.reason ?? 'none'}`, amount]));
    }
  }
  for (const [id, lead] of leads) if (!lead.merged && inPeriod(lead.captured)) put({ at: lead.captured, owner: lead.capturer, present: lead.owner, lead: id, own: lead.own, pipeline: null }, (group) => void group.leads.push(id));

  const paths = [...pipelines].filter(([id]) => question.pipeline === undefined || id === question.pipeline).sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, stages]) => ({ id, steps: stages.map(({ stage }, index) => ({ step: String(stage), place: 10 + index })) }));
  const countAt = (entries: Map<string, number>, step: string, pipeline: string | undefined): number =>
    pipeline === undefined ? [...entries].filter(([key]) => key.split('/')[1] === step && (step === 'deal_opened' || key.startsWith('/'))).reduce((all, [, count]) => all + count, 0) : (entries.get(`${pipeline}/${step}`) ?? 0);

  const figures = (group: Group) => {
    const pairs: unknown[] = [];
    const pair = (pipeline: string | undefined, steps: string[]): void => steps.slice(1).forEach((step, index) => pairs.push([pipeline ?? '', steps[index], step, over(countAt(group.entries, step, pipeline), countAt(group.entries, steps[index]!, pipeline))]));
    pair(undefined, Object.keys(PLACES));
    for (const { id, steps } of paths) pair(id, ['deal_opened', ...steps.map(({ step }) => step), 'won']);
    const furthest = (journey: Visit[], pipeline: string | undefined): number => Math.max(...journey.filter((visit) => pipeline === undefined || visit.pipeline === pipeline).map(place));
    const reached: unknown[] = Object.entries(PLACES).map(([step, at]) => ['', step, group.cohort.filter((journey) => furthest(journey, undefined) >= at).length]);
    for (const { id, steps } of paths) for (const { step, place: at } of [...steps, { step: 'won', place: WON }]) reached.push([id, step, group.cohort.filter((journey) => furthest(journey, id) >= at).length]);
    const booked = (outcome: string, sign: number) => group.closings.filter((each) => each.outcome === outcome && each.sign === sign);
    const net = (outcome: string, code?: string): number => group.closings.filter((each) => each.outcome === outcome && (code === undefined || each.amount.currency === code)).reduce((all, { sign }) => all + sign, 0);
    const netMinor = (outcome: string, code: string): number => group.closings.filter((each) => each.outcome === outcome && each.amount.currency === code).reduce((all, { sign, amount }) => all + sign * amount.minor, 0);
    const openDeals = [...group.standing.values()].flatMap(({ amounts }) => amounts);
    const closedIn = [...new Set(group.closings.flatMap(({ amount }) => amount.currency ?? []))].sort();
    const velocity = [...new Set([...closedIn, ...openDeals.flatMap((each) => each.currency ?? [])])].sort().map((code) => {
      const won = booked('won', 1).filter(({ amount }) => amount.currency === code);
      const open = openDeals.filter((each) => each.currency === code).length;
      const rate = over(net('won', code), net('won', code) + net('lost', code))[2] ?? null;
      const mean = won.length > 0 ? won.reduce((all, { amount }) => all + amount.minor, 0) / won.length : null;
      const days = won.length > 0 ? won.reduce((all, each) => all + each.days, 0) / won.length : null;
      return [code, open, rate, mean, days, rate !== null && mean !== null && days !== null && days > 0 ? (open * rate * mean) / days : null];
    });
    const weigh = (amounts: readonly { currency: string | null; weighted: number }[]): Map<string, number> => {
      const sum = new Map<string, number>();
      for (const { currency: code, weighted } of amounts) if (code !== null) sum.set(code, (sum.get(code) ?? 0) + weighted);
      return new Map([...sum].map(([code, minor]) => [code, Math.floor(minor + 0.5 + 1e-6)]));
    };
    const weighted = new Map<string, number>();
    for (const [key, { amounts }] of group.standing) { const [pipeline, step] = key.split('/'); if (pipeline !== '' && stageOf(pipeline!, step!)) for (const [code, minor] of weigh(amounts)) weighted.set(code, (weighted.get(code) ?? 0) + minor); }
    const sources = new Map<string, string[]>();
    for (const id of group.leads) add(sources, `${leads.get(id)!.own['source']}/${leads.get(id)!.own['campaign'] ?? ''}`, id);
    return {
      standing: [...group.standing].map(([key, { count, amounts }]) => [key, count, sums(amounts)]).sort(),
      weighted: [...weighted].sort(),
      entries: [...group.entries].filter(([key]) => { const [pipeline, step] = key.split('/'); return pipeline === '' || step === 'won' || (step !== 'deal_opened' && paths.some(({ id, steps }) => id === pipeline && steps.some((each) => each.step === step))); }).sort(),
      pairs, cohort: [group.cohort.length, reached],
      durations: [...new Set([...group.durations.keys(), ...group.ages.keys()])].filter((key) => key.startsWith('/') || paths.some(({ id, steps }) => steps.some(({ step }) => key === `${id}/${step}`)))
        .map((key) => [key, spread(group.durations.get(key) ?? []), group.ages.get(key)?.length ?? 0, spread(group.ages.get(key) ?? [])[2]]).sort(),
      winRate: [booked('won', 1).length, booked('lost', 1).length, booked('won', -1).length, booked('lost', -1).length, over(net('won'), net('won') + net('lost')), closedIn.map((code) => [code, over(netMinor('won', code), netMinor('won', code) + netMinor('lost', code))])],
      created: [over(group.created.filter((status) => status === 'won').length, group.created.length), group.created.filter((status) => status === 'open').length],
      cycles: [...['won', 'lost'].map((outcome) => spread(booked(outcome, 1).map(({ days }) => days))), spread(group.openAges)],
      velocity,
      stalled: [group.stalled.length, sums(group.stalled.map(([, amount]) => amount)), [...new Set(group.stalled.map(([key]) => key))].map((key) => [key, group.stalled.filter(([each]) => each === key).length]).sort()],
      blocked: [group.blocked.length, sums(group.blocked), [...group.causes].map(([cause, { open, spans }]) => [cause, open, blockedDays(spans)]).sort()],
      leaks: [...new Set(group.leaks.map(([key]) => key))].map((key) => [key, group.leaks.filter(([each]) => each === key).length, sums(group.leaks.flatMap(([each, amount]) => (each === key && amount ? [amount] : [])))]).sort(),
      sources: [...sources].map(([key, ids]) => {
        const journeysOf = ids.map((id) => journeys.get(`lead:${id}`) ?? []);
        const atLeast = (least: number): number => journeysOf.filter((journey) => journey.some((visit) => (visit.kind === 'stage' || visit.step === 'won' ? 4 : PLACES[visit.step]!) >= least)).length;
        const won = deals.filter(({ lead }) => lead !== undefined && ids.includes(lead)).flatMap(({ closings }) => closings.filter(({ outcome, reopened }) => outcome === 'won' && reopened === null).map(({ amount }) => said(amount)));
        return [key, ids.length, atLeast(1), atLeast(2), atLeast(3), atLeast(4), journeysOf.filter((journey) => journey.some(({ step, kind }) => kind === 'milestone' && step === 'won')).length, sums(won).map(([code, minor, count]) => [code, minor, count, minor / ids.length])];
      }).sort(),
    };
  };
  return new Map([...groups].map(([name, group]) => [name, figures(group)]));
}
