import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { boundsOf, clockAt, Staff } from './coordinator-efficiency.staff.js';
import { weekOf } from './funnel.js';
import { groupedBy } from './grouped-by.js';
import { lapsedDays, zoneOf } from './lapsed-days.js';

/* The retention report once more, as plain loops over the events: no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

export interface Question {
  from: string; to: string; tz: string; groupBy: string; credit: string; currency?: string; convert: string; ratesOn?: string; cohort: string; cohorts: number;
  owner?: string; team?: string; role?: string; source?: string; campaign?: string; pipeline?: string; product?: string; region?: string; segment?: string;
}
interface Move { kind: string; at: number; from: number; to: number; owner: string }
interface Client { id: string; currency: string; region?: string; segment?: string; product?: string; dealId?: string; leadId?: string; onboarded: number; moves: Move[]; owners: { owner: string; at: number }[]; lapses: number | null }
interface Money { start: number; churn: number; contraction: number; expansion: number; clients: number }
export interface Group {
  clients: number; kept: number; money: Map<string, Money>; moves: Map<string, { count: number; amount: number; clients: Set<string> }>; buyers: Map<string, number>; days: number[];
  csat: number[]; nps: number[]; sent: number; answered: number; response: number[]; responseBusiness: number[]; unanswered: number[]; resolution: number[]; resolutionBusiness: number[]; unresolved: number[];
  responseDue: number[]; resolutionDue: number[]; promiseDue: number[]; backlog: number; resolved: number; reopened: number;
}

const ms = (at: string): number => Date.parse(at);
const MINUTE = 60_000;
const empty = (): Group => ({
  clients: 0, kept: 0, money: new Map(), moves: new Map(), buyers: new Map(), days: [], csat: [], nps: [], sent: 0, answered: 0, response: [], responseBusiness: [], unanswered: [], resolution: [], resolutionBusiness: [], unresolved: [],
  responseDue: [0, 0, 0], resolutionDue: [0, 0, 0], promiseDue: [0, 0, 0], backlog: 0, resolved: 0, reopened: 0,
});
/** Whoever is told of late had it from then on, until whoever had it next; from the beginning where that was later. */
function handOn(owners: { owner: string; at: number }[], owner: string, told: number): void {
  const at = Math.max(told, owners[0]!.at);
  owners.splice(owners.findLastIndex((each) => each.at <= at) + 1, 0, { owner, at });
}
const FILTERS = ['owner', 'team', 'role', 'source', 'campaign', 'pipeline', 'product', 'region', 'segment'] as const;
const last = <T>(list: readonly T[], test: (each: T) => boolean): T | undefined => list.filter(test).at(-1);
const MOVES: Record<string, string> = { ClientOnboarded: 'new', ClientExpanded: 'expansion', ClientDownsized: 'contraction', ClientChurned: 'churn', ClientWonBack: 'win_back' };

function clientsOf(events: readonly Event[]): Client[] {
  const clients = new Map<string, Client>();
  for (const { type, data, occurredAt } of events) {
    const at = ms(occurredAt);
    if (type === 'ClientOnboarded') {
      const { clientId: id, monthlyRevenue, ownerId: owner, region, segment, product, dealId, leadId, renewal } = data;
      clients.set(id, { id, currency: monthlyRevenue.currency, region, segment, product, dealId, leadId, onboarded: at, moves: [{ kind: 'new', at, from: 0, to: monthlyRevenue.amountMinor, owner }], owners: [{ owner, at }], lapses: renewal ? ms(renewal.lapsesAt) : null });
      continue;
    }
    const client = clients.get(data.clientId);
    if (!client) continue;
    if (type === 'ClientReassigned') handOn(client.owners, data.ownerId, at);
    if (type === 'ClientRenewed') client.lapses = ms(data.renewal.lapsesAt);
    if (type === 'ClientChurned') client.lapses = null;
    if (type === 'ClientWonBack') client.lapses = data.renewal ? ms(data.renewal.lapsesAt) : null;
    const kind = MOVES[type];
    if (kind !== undefined) client.moves.push({ kind, at: Math.max(at, client.moves.at(-1)!.at), from: data.from.amountMinor, to: data.to.amountMinor, owner: data.ownerId });
  }
  return [...clients.values()];
}

export interface Answer {
  groups: Map<string, Group>;
  cohorts: { cohort: string; size: number; cells: { numerator: number; immature: boolean }[] }[];
  atRisk: Map<string, string[]>;
}

export function retentionOracle(events: readonly Event[], nowAt: string, question: Question): Answer {
  const now = ms(nowAt);
  const { from, to, tz, groupBy, credit, currency } = question;
  const staff = new Staff(events);
  const clients = clientsOf(events);
  const byId = new Map(clients.map((client) => [client.id, client]));
  const groups = new Map<string, Group>();
  const ofStream = groupedBy(events, ({ stream }) => stream);
  const dayOf = (at: number): string => clockAt(Math.floor(at / 900_000) * 900_000, tz).day;
  const inPeriod = (at: number): boolean => from <= dayOf(at) && dayOf(at) <= to;
  const months = Number(events.filter(({ type, data }) => type === 'PolicySet' && data.settings.fiscalYearStartMonth).sort((a, b) => ms(a.occurredAt) - ms(b.occurredAt)).at(-1)?.data.settings.fiscalYearStartMonth ?? 1) - 1;
  /** The part of the period that a day lies in. */
  const partAt = (day: string): string | undefined => {
    const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - months;
    const year = `${months > 0 ? 'FY' : ''}${Math.floor(count / 12)}`;
    return ({ day, week: weekOf(day), month: day.slice(0, 7), quarter: `${year}-Q${Math.floor((count % 12) / 3) + 1}`, year } as Record<string, string>)[groupBy];
  };
  const inParts = partAt(from) !== undefined;
  const named = (name: string): Group => { const group = groups.get(name) ?? empty(); groups.set(name, group); return group; };
  const deals = new Map(events.filter(({ type }) => type === 'DealOpened').map(({ data }) => [data.dealId, data]));
  const leads = new Map(events.filter(({ type }) => type === 'LeadCaptured').map(({ data }) => [data.leadId, data]));
  /** What a fact can be grouped and filtered by. */
  const valuesOf = (owner: string, at: number, clientId: string | undefined, product?: string): Record<string, string | null | undefined> => {
    const standing = staff.standing(owner, at);
    const client = clientId === undefined ? undefined : byId.get(clientId);
    const deal = client && deals.get(client.dealId);
    const lead = client && leads.get(client.leadId ?? deal?.leadId);
    return {
      none: 'all', owner, team: standing.team, role: standing.role, region: client?.region ?? standing.region, segment: client?.segment, source: deal?.source ?? lead?.source, campaign: deal?.campaignId ?? lead?.campaignId,
      pipeline: deal?.pipelineId, product: product ?? client?.product ?? deal?.product ?? lead?.product,
    };
  };
  const passes = (values: Record<string, string | null | undefined>): boolean => FILTERS.every((name) => question[name] === undefined || question[name] === values[name]);
  /** The group of a fact; one that nobody looks at where the fact was filtered out. `part`: the part of the period it is counted in, where that is not its own. */
  const groupOf = (owner: string, at: number, clientId: string | undefined, { product, part }: { product?: string; part?: string | undefined } = {}): Group => {
    const values = valuesOf(owner, at, clientId, product);
    if (!passes(values)) return empty();
    return named(part ?? (inParts ? partAt(dayOf(at))! : (values[groupBy] ?? 'none')));
  };
  // Amounts in the currency asked for, at the rates of one date.
  const quotes = events.filter(({ data, occurredAt }) => data.rate && occurredAt.slice(0, 10) <= (question.ratesOn ?? dayOf(now))).sort((a, b) => ms(a.occurredAt) - ms(b.occurredAt));
  const rateOf = (code: string): number | undefined => (question.convert === 'constant' && currency !== undefined && code !== currency ? quotes.findLast(({ data }) => data.value.currency === code && data.rate.to === currency)?.data.rate.perUnitMicro : undefined);
  const counts = (code: string): boolean => currency === undefined || code === currency || rateOf(code) !== undefined;
  /** Halves go away from nothing. */
  const inIt = (amount: number, code: string): number => { const rate = rateOf(code); return rate === undefined ? amount : Math.sign(amount) * Math.round((Math.abs(amount) * rate) / 1e6); };
  const codeOf = (code: string): string => (rateOf(code) === undefined ? code : currency!);
  const credited = (owner: string, clientId: string): string => (credit === 'current' ? (byId.get(clientId)?.owners.at(-1)!.owner ?? owner) : owner);
  const paying = (client: Client): boolean => counts(client.currency);
  const level = (client: Client, at: number): Move | undefined => last(client.moves, (move) => move.at < at);

  // Parts of the period, each a period of its own where months are asked for.
  const days: string[] = [];
  for (let day = from; day <= to; day = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)) days.push(day);
  const parts = (inParts ? [...new Set(days.map((day) => partAt(day)!))].map((name) => ({ name, days: days.filter((day) => partAt(day) === name) })) : [{ name: undefined, days }]).map((part) => ({ name: part.name, start: boundsOf(part.days[0]!, tz).begin, end: boundsOf(part.days.at(-1)!, tz).end }));
  for (const part of parts) {
    const { start, end } = part;
    for (const client of clients) {
      const was = level(client, start);
      if (!was || was.kind === 'churn' || !paying(client)) continue;
      const is = level(client, end)!;
      const owner = credit === 'current' ? client.owners.at(-1)!.owner : last(client.owners, ({ at }) => at < start)!.owner;
      const group = groupOf(owner, start, client.id, { part: part.name });
      const money = group.money.get(codeOf(client.currency)) ?? { start: 0, churn: 0, contraction: 0, expansion: 0, clients: 0 };
      group.money.set(codeOf(client.currency), money);
      const [before, after] = [inIt(was.to, client.currency), inIt(is.to, client.currency)];
      group.clients += 1;
      money.clients += 1;
      money.start += before;
      if (is.kind === 'churn') money.churn += before;
      else {
        group.kept += 1;
        money.contraction += Math.max(0, before - after);
        money.expansion += Math.max(0, after - before);
      }
    }
  }

  const count = (group: Group, kind: string, code: string, amount: number, client: string): void => {
    const move = group.moves.get(`${kind}/${codeOf(code)}`) ?? { count: 0, amount: 0, clients: new Set<string>() };
    group.moves.set(`${kind}/${codeOf(code)}`, move);
    move.count += 1;
    move.amount += inIt(amount, code);
    move.clients.add(client);
  };
  for (const client of clients) for (const move of client.moves) if (inPeriod(move.at) && paying(client)) count(groupOf(credited(move.owner, client.id), move.at, client.id), move.kind, client.currency, move.to - move.from, client.id);

  const purchases = events.filter(({ type }) => type === 'PurchaseRecorded');
  const bought = groupedBy(purchases, ({ data }) => data.clientId);
  for (const { data, occurredAt } of purchases) {
    const { clientId, purchaseId, amount, ownerId, product } = data;
    const at = ms(occurredAt);
    if (!inPeriod(at) || !counts(amount.currency)) continue;
    const group = groupOf(credited(ownerId, clientId), at, clientId, { product });
    count(group, 'one_off', amount.currency, amount.amountMinor, clientId);
    group.buyers.set(clientId, (group.buyers.get(clientId) ?? 0) + 1);
    const before = bought(clientId).filter((each) => (ms(each.occurredAt) < at || (ms(each.occurredAt) === at && each.data.purchaseId < purchaseId))).map((each) => ms(each.occurredAt));
    if (before.length > 0) group.days.push((at - Math.max(...before)) / 86_400_000);
  }

  const answers = events.filter(({ type }) => type === 'SurveyAnswered');
  for (const { type, data, occurredAt } of events) {
    if (!['SurveySent', 'SurveyAnswered'].includes(type) || !inPeriod(ms(occurredAt))) continue;
    const group = groupOf(credited(data.ownerId, data.clientId), ms(occurredAt), data.clientId);
    if (type === 'SurveyAnswered') (data.kind === 'csat' ? group.csat : group.nps).push(data.score);
    else { group.sent += 1; if (answers.some((answer) => answer.data.surveyId === data.surveyId)) group.answered += 1; }
  }

  const touched = new Map<string, number>();
  const touch = (client: string | undefined, at: number): void => void (client !== undefined && touched.set(client, Math.max(touched.get(client) ?? -Infinity, at)));
  const overdue = new Set<string>();
  const judge = (counts: number[], due: number, done: number | null): void => { counts[0]! += 1; if (done !== null && done <= due) counts[1]! += 1; if (done === null && due > now) counts[2]! += 1; };
  for (const opening of events.filter(({ type }) => type === 'CaseOpened')) {
    const list = ofStream(opening.stream);
    const client: string | undefined = opening.data.subject.kind === 'client' ? opening.data.subject.id : undefined;
    const owners = [{ owner: String(opening.data.ownerId), at: ms(opening.occurredAt) }];
    for (const { data, occurredAt } of list.filter(({ type }) => type === 'CaseEscalated')) handOn(owners, data.ownerId, ms(occurredAt));
    const ownerAt = (at: number): string => (credit === 'current' ? owners.at(-1)! : (last(owners, (each) => each.at <= at) ?? owners[0]!)).owner;
    const opened = ms(opening.occurredAt);
    const answer = list.find(({ type, data }) => type === 'CaseResponded' && data.first);
    const answered = answer ? ms(answer.occurredAt) : null;
    for (const { occurredAt } of list.filter(({ type }) => type === 'CaseResponded')) touch(client, ms(occurredAt));
    const responseDue = ms(opening.data.responseDueAt);
    const responsible = ownerAt(Math.min(responseDue, answered ?? responseDue));
    if (inPeriod(opened)) {
      const group = groupOf(responsible, opened, client);
      if (answered === null) group.unanswered.push(Math.max(0, now - opened) / MINUTE);
      else { group.response.push(Math.max(0, answered - opened) / MINUTE); group.responseBusiness.push(answer!.data.businessMinutes); }
    }
    if (inPeriod(responseDue)) judge(groupOf(responsible, responseDue, client).responseDue, responseDue, answered);

    const rounds: { opened: number; due: number; resolved: number | null; minutes: number; again: boolean }[] = [];
    for (const { type, data, occurredAt } of list) {
      const round = rounds.at(-1);
      if (type === 'CaseReopened' && round) round.again = true;
      if (type === 'CaseOpened' || type === 'CaseReopened') rounds.push({ opened: ms(occurredAt), due: ms(data.resolutionDueAt), resolved: null, minutes: 0, again: false });
      if (type === 'CaseResolved' && round) { round.resolved = ms(occurredAt); round.minutes = data.businessMinutes; }
    }
    for (const { opened: since, due, resolved, minutes, again } of rounds) {
      const owner = ownerAt(Math.min(due, resolved ?? due));
      if (resolved === null && due < now && client !== undefined) overdue.add(client);
      if (resolved === null && (inParts ? inPeriod(since) : dayOf(since) <= to)) groupOf(owner, since, client).unresolved.push(Math.max(0, now - since) / MINUTE);
      if (resolved !== null && inPeriod(resolved)) {
        const group = groupOf(owner, resolved, client);
        group.resolution.push(Math.max(0, resolved - since) / MINUTE);
        group.resolutionBusiness.push(minutes);
        group.resolved += 1;
        if (again) group.reopened += 1;
      }
      if (inPeriod(due)) judge(groupOf(owner, due, client).resolutionDue, due, resolved);
      for (const part of parts) {
        const at = Math.min(part.end, now);
        if (since < at && (resolved === null || resolved >= at)) groupOf(owner, at, client, { part: part.name }).backlog += 1;
      }
    }
    for (const { data } of list.filter(({ type }) => type === 'PromiseMade')) {
      const kept = list.find((each) => each.type === 'PromiseKept' && each.data.promiseId === data.promiseId);
      if (inPeriod(ms(data.dueAt))) judge(groupOf(data.memberId, ms(data.dueAt), client).promiseDue, ms(data.dueAt), kept ? ms(kept.occurredAt) : null);
    }
  }

  for (const { type, stream, occurredAt } of events) {
    if (type !== 'FollowUpCompleted' && type !== 'MeetingHeld') continue;
    const { subject } = ofStream(stream)[0]!.data;
    touch(subject.kind === 'client' ? subject.id : undefined, ms(occurredAt));
  }

  // The cohort matrix, month by month, day by day.
  const monthAfter = (month: string, k: number): string => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + k, 15)).toISOString().slice(0, 7);
  const present = dayOf(now).slice(0, 7);
  const cohorts: Answer['cohorts'] = [];
  for (let back = question.cohorts - 1; back >= 0; back -= 1) {
    const cohort = monthAfter(to.slice(0, 7), -back);
    if (cohort > present || monthAfter(to.slice(0, 7), 1 - question.cohorts) > present) continue;
    const members = clients.filter((client) => paying(client) && dayOf(client.onboarded).slice(0, 7) === cohort && passes(valuesOf(credit === 'current' ? client.owners.at(-1)!.owner : client.owners[0]!.owner, client.onboarded, client.id)));
    const cells: Answer['cohorts'][number]['cells'] = [];
    for (let k = 0; k <= 60 && monthAfter(cohort, k) <= present; k += 1) {
      const month = monthAfter(cohort, k);
      const begin = boundsOf(`${month}-01`, tz).begin;
      const end = boundsOf(`${monthAfter(month, 1)}-01`, tz).begin;
      const active = (client: Client): boolean => client.moves.some((move, index) => move.kind !== 'churn' && Math.max(move.at, begin) < Math.min(client.moves[index + 1]?.at ?? now, end, now));
      const buying = (client: Client): boolean => bought(client.id).some((each) => ms(each.occurredAt) >= begin && ms(each.occurredAt) < Math.min(end, now));
      cells.push({ numerator: members.filter(question.cohort === 'active' ? active : buying).length, immature: end > now });
    }
    cohorts.push({ cohort, size: members.length, cells });
  }

  const settings = events.filter(({ type, data }) => type === 'PolicySet' && data.settings.noContactDays).sort((a, b) => ms(a.occurredAt) - ms(b.occurredAt)).at(-1)?.data.settings.noContactDays ?? 60;
  const atRisk = new Map<string, string[]>();
  for (const client of clients) {
    if (client.moves.at(-1)!.kind === 'churn' || !paying(client) || !passes(valuesOf(client.owners.at(-1)!.owner, now, client.id))) continue;
    const falling = ['csat', 'nps'].some((kind) => {
      const scores = answers.filter(({ data }) => data.clientId === client.id && data.kind === kind).sort((a, b) => ms(a.occurredAt) - ms(b.occurredAt) || (a.data.surveyId < b.data.surveyId ? -1 : 1)).map(({ data }) => Number(data.score));
      return scores.length > 1 && scores.at(-1)! < scores.at(-2)!;
    });
    const reasons = [overdue.has(client.id) && 'overdue_case', falling && 'falling_score', client.lapses !== null && client.lapses <= now && 'lapsed_renewal', lapsedDays(touched.get(client.id) ?? client.onboarded, now, zoneOf(events, client.owners.at(-1)!.owner)) > settings && 'no_contact'].filter((each) => each !== false);
    if (reasons.length > 0) atRisk.set(client.id, reasons);
  }
  return { groups, cohorts, atRisk };
}
