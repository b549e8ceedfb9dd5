import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { boundsOf, clockAt, Staff } from './coordinator-efficiency.staff.js';
import { groupedBy } from './grouped-by.js';

/* The report on people's work once more, as plain loops over the events: no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

export interface Question { from: string; to: string; tz: string; groupBy: string; credit: string; only?: { by: string; value: string } }
interface Stretch { kind: string; id: string; member: string; before: string | null; lead: string | null; weight: number; from: number; until: number | null; first: boolean }
interface Place { source?: string; campaignId?: string; pipelineId?: string; product?: string; region?: string; segment?: string }
interface Interval { member: string | null; from: number; to: number | null }
interface Group {
  leads: Interval[]; followUps: Record<string, number>; meetings: Record<string, number>; contracts: Record<string, number>; tasks: Record<string, number>; handoffs: Interval[];
  total: Interval[]; own: Interval[]; client: Interval[]; handling: Interval[]; spent: number[]; admin: number; logged: number; entries: number; saved: number; actions: number;
  loads: { weight: number; capacity: number | null; last: boolean; working: boolean }[]; done: { won: number; lost: number };
}

const ms = (at: string): number => Date.parse(at);
const add = (counts: Record<string, number>, name: string, by = 1): void => void (counts[name] = (counts[name] ?? 0) + by);
const empty = (): Group => ({ leads: [], followUps: {}, meetings: {}, contracts: {}, tasks: {}, handoffs: [], total: [], own: [], client: [], handling: [], spent: [], admin: 0, logged: 0, entries: 0, saved: 0, actions: 0, loads: [], done: { won: 0, lost: 0 } });
const ADMIN = ['data_entry', 'reporting', 'contract_work', 'scheduling', 'coordination'];

/** Who had an item when, from the events that give, take and end it. It is not ended or opened again before what was told before; who is given it late, had it from then on. */
function stretchesOf(kind: string, id: string, events: readonly Event[]): Stretch[] {
  const marks: { at: number; what: 'give' | 'late' | 'end' | 'again'; member: string }[] = [];
  let clock = -Infinity;
  let held = false;
  const opening = events[0]!.data;
  for (const { type, data, occurredAt } of events) {
    const at = ms(occurredAt);
    const isEnd = ['FollowUpCompleted', 'FollowUpCancelled', 'MeetingHeld', 'MeetingCancelled', 'MeetingMissed', 'TaskCompleted', 'TaskCancelled', 'ContractSigned', 'ContractVoided', 'DealClosed', 'CaseResolved', 'LeadDisqualified', 'LeadConverted', 'LeadMerged'].includes(type);
    const isGive = /(Captured|Assigned|Opened|Reassigned|Allocated|Drafted|Escalated)$/.test(type) || type === 'FollowUpScheduled' || type === 'MeetingScheduled';
    const isAgain = ['LeadReopened', 'CaseReopened', 'DealReopened'].includes(type) && marks.length > 0 && !held;
    if (isGive && data.ownerId !== undefined && at < clock) {
      const when = Math.max(at, marks[0]!.at);
      marks.splice(marks.findLastIndex((mark) => mark.at <= when) + 1, 0, { at: when, what: 'late', member: data.ownerId });
    } else if (isAgain || (isEnd && held) || (isGive && data.ownerId !== undefined)) {
      clock = Math.max(clock, at);
      held = !isEnd;
      marks.push({ at: clock, what: isEnd ? 'end' : isAgain ? 'again' : 'give', member: data.ownerId });
    }
  }
  const list: Stretch[] = [];
  let whose: string | undefined;
  for (const { at, what, member } of marks) {
    const last = list.at(-1);
    const open = last !== undefined && last.until === null;
    if (what === 'give' || what === 'late') whose = member;
    if (open) last.until = at;
    if (what === 'end' || (what === 'late' && !open)) continue;
    list.push({ kind, id, member: whose!, before: open ? last.member : null, lead: kind === 'deal' ? (opening.leadId ?? null) : null, weight: opening.weight ?? 1, from: at, until: null, first: list.length === 0 });
  }
  return list;
}

const holderAt = (list: readonly Stretch[], at: number): string | undefined => ([...list].reverse().find(({ from }) => from <= at) ?? list[0])?.member;

/** Everything by role and group, `role/group`. */
export function efficiencyOracle(events: readonly Event[], nowAt: string, question: Question): { groups: Map<string, Group>; closed: Map<string, { won: number; lost: number }>; staff: Staff } {
  const now = ms(nowAt);
  const { from, to, tz, groupBy, credit, only } = question;
  const staff = new Staff(events);
  const groups = new Map<string, Group>();
  const streams = new Map<string, Event[]>();
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  const of = (category: string): [string, Event[]][] => [...streams].filter(([stream, list]) => stream.startsWith(`${category}-`) && /(Captured|Opened|Scheduled|Allocated|Drafted|WorkLogged)$/.test(list[0]!.type)).map(([stream, list]) => [stream.slice(category.length + 1), list]);
  const dayOf = (at: number): string => clockAt(Math.floor(at / 900_000) * 900_000, tz).day;
  const inPeriod = (at: number): boolean => from <= dayOf(at) && dayOf(at) <= to;
  const isUnit = ['day', 'month'].includes(groupBy);
  const unitOf = (day: string): string => (groupBy === 'day' ? day : day.slice(0, 7));
  const dataOf = (subject: { kind: string; id: string }): any => streams.get(`${subject.kind}-${subject.id}`)?.[0]?.data ?? {};
  /** Cases and contracts belong where their own subject does, one step and no further. */
  const placeOf = (subject: { kind: string; id: string } | undefined): Place => {
    if (!subject) return {};
    const data = dataOf(subject);
    const own = subject.kind === 'case' ? data.subject : subject.kind === 'contract' && data.dealId ? { kind: 'deal', id: data.dealId } : undefined;
    return own ? (own.kind === 'case' || own.kind === 'contract' ? {} : dataOf(own)) : data;
  };
  const groupFor = (member: string | null, at: number, place: Place | null, part = at): Group => {
    const standing = staff.standing(member, at);
    const values: Record<string, string | null | undefined> = { none: 'all', owner: member, team: standing.team, role: standing.role, source: place?.source, campaign: place?.campaignId, pipeline: place?.pipelineId, product: place?.product, region: place?.region ?? standing.region, segment: place?.segment };
    if (only && values[only.by] !== only.value) return empty(); // counted nowhere
    const name = isUnit ? unitOf(dayOf(part)) : values[groupBy] ?? 'none';
    const key = `${standing.role}/${name}`;
    const group = groups.get(key) ?? empty();
    groups.set(key, group);
    return group;
  };
  const begun = (at: number): boolean => (isUnit ? inPeriod(at) : dayOf(at) <= to);
  const find = (list: readonly Event[], type: string): number | null => { const event = list.find((each) => each.type === type); return event ? ms(event.occurredAt) : null; };
  const stretches = (['lead', 'deal', 'followUp', 'meeting', 'task', 'contract', 'case'] as const).flatMap((kind) => of(kind).flatMap(([id, list]) => stretchesOf(kind, id, list)));
  const things = groupedBy(stretches, ({ kind, id }) => `${kind}/${id}`);
  const having = (kind: string, id: string): readonly Stretch[] => things(`${kind}/${id}`);
  const activities: { member: string; at: number; kind: string; id: string }[] = [];

  for (const [id, list] of of('lead')) {
    const contacts = list.filter(({ type, data }) => type === 'LeadContacted' && !data.automated);
    for (const { data, occurredAt } of contacts) activities.push({ member: data.memberId, at: ms(occurredAt), kind: 'lead', id });
    const first = contacts.reduce<Event | undefined>((best, each) => (best && ms(best.occurredAt) <= ms(each.occurredAt) ? best : each), undefined);
    const captured = ms(list[0]!.occurredAt);
    if (!inPeriod(captured) || (!first && list.some(({ type }) => type === 'LeadMerged'))) continue;
    const owners = having('lead', id);
    const present = owners.at(-1)?.member ?? null;
    const member = credit === 'current' || !first ? present : (holderAt(owners, ms(first.occurredAt)) ?? String(first.data.memberId));
    groupFor(member, captured, list[0]!.data).leads.push({ member, from: captured, to: first ? ms(first.occurredAt) : null });
  }

  for (const [, list] of of('followUp')) {
    const { subject, ownerId } = list[0]!.data;
    const done = find(list, 'FollowUpCompleted');
    const cancelled = find(list, 'FollowUpCancelled');
    if (done !== null) activities.push({ member: ownerId, at: done, kind: subject.kind, id: subject.id });
    const dues: { due: number; missed: number }[] = [];
    for (const { type, data, occurredAt } of list) {
      if (type !== 'FollowUpScheduled' && type !== 'FollowUpRescheduled') continue;
      const last = dues.at(-1);
      if (last && ms(occurredAt) < last.missed) dues.pop();
      dues.push({ due: ms(data.dueAt), missed: ms(data.dueAt) + data.graceMinutes * 60_000 });
    }
    dues.forEach(({ due, missed }, index) => {
      if (!inPeriod(due)) return;
      const last = index === dues.length - 1;
      const status = !last ? 'missed' : done !== null ? (done <= due ? 'onTime' : done <= missed ? 'late' : 'missed') : cancelled !== null ? (cancelled < missed ? 'cancelled' : 'missed') : now >= missed ? 'missed' : 'open';
      add(groupFor(ownerId, due, placeOf(subject)).followUps, status);
    });
  }

  for (const [, list] of of('meeting')) {
    const { subject, ownerId } = list[0]!.data;
    const last = list.at(-1)!;
    const outcome = ({ MeetingHeld: 'held', MeetingMissed: 'noShows', MeetingCancelled: 'cancelled' } as Record<string, string>)[last.type] ?? 'open';
    if (outcome === 'held') activities.push({ member: ownerId, at: ms(last.occurredAt), kind: subject.kind, id: subject.id });
    const moved = list.filter(({ type }) => type === 'MeetingRescheduled');
    const starts = ms((moved.at(-1) ?? list[0]!).data.startsAt);
    if (!inPeriod(starts)) continue;
    const group = groupFor(ownerId, starts, placeOf(subject));
    add(group.meetings, outcome);
    add(group.meetings, 'reschedules', moved.length);
  }

  const dueStatus = (done: number | null, dropped: number | null, due: number): string => (done !== null ? (done <= due ? 'onTime' : 'late') : dropped !== null ? (dropped <= due ? 'cancelled' : 'missed') : now >= due ? 'missed' : 'open');

  for (const [, list] of of('contract')) {
    const { dealId, ownerId: member, dueAt } = list[0]!.data;
    const [drafted, sent, signed, voided] = [ms(list[0]!.occurredAt), [...list].reverse().find(({ type }) => type === 'ContractSent'), find(list, 'ContractSigned'), find(list, 'ContractVoided')];
    const place = placeOf({ kind: 'deal', id: dealId });
    const sentAt = sent ? ms(sent.occurredAt) : null;
    if (sentAt !== null) activities.push({ member, at: sentAt, kind: 'deal', id: dealId });
    if (inPeriod(ms(dueAt))) add(groupFor(member, ms(dueAt), place).contracts, dueStatus(signed, voided, ms(dueAt)));
    if (signed !== null ? !inPeriod(signed) : voided !== null || !begun(drafted)) continue;
    const group = groupFor(member, signed ?? drafted, place);
    const handed = sentAt !== null && (signed === null || sentAt <= signed) ? sentAt : null;
    group.total.push({ member, from: drafted, to: signed });
    group.own.push({ member, from: drafted, to: handed ?? signed });
    if (handed !== null) group.client.push({ member, from: handed, to: signed });
  }

  for (const [id, list] of of('task')) {
    const { dueAt, subject } = list[0]!.data;
    const [allocated, due, done, cancelled] = [ms(list[0]!.occurredAt), ms(dueAt), find(list, 'TaskCompleted'), find(list, 'TaskCancelled')];
    const owners = having('task', id);
    const present = owners.at(-1)!.member;
    if (done !== null && subject) activities.push({ member: present, at: done, kind: subject.kind, id: subject.id });
    const answerable = credit === 'current' ? present : holderAt(owners, Math.min(due, done ?? due))!;
    if (inPeriod(due)) add(groupFor(answerable, due, placeOf(subject)).tasks, dueStatus(done, cancelled, due));
    if (done !== null ? !inPeriod(done) : cancelled !== null || !begun(allocated)) continue;
    const group = groupFor(present, done ?? allocated, placeOf(subject));
    group.handling.push({ member: present, from: allocated, to: done });
    const spent: unknown = list.find(({ type }) => type === 'TaskCompleted')?.data.spentMinutes;
    if (typeof spent === 'number') group.spent.push(spent);
  }

  for (const each of stretches) {
    if ((each.kind !== 'lead' && each.kind !== 'deal') || !inPeriod(each.from)) continue;
    const before = each.before ?? (each.first && each.lead !== null ? having('lead', each.lead).filter((one) => one.from <= each.from).at(-1)?.member : undefined);
    if (before === undefined || before === each.member || staff.standing(before, each.from).role !== 'coordinator' || staff.standing(each.member, each.from).role !== 'executive') continue;
    const own = activities.filter(({ member, at, kind, id }) => member === each.member && at >= each.from && ((kind === each.kind && id === each.id) || (kind === 'lead' && id === each.lead)));
    groupFor(each.member, each.from, placeOf(each)).handoffs.push({ member: each.member, from: each.from, to: own.length > 0 ? Math.min(...own.map(({ at }) => at)) : null });
  }

  const closed = new Map<string, { won: number; lost: number }>();
  for (const [id, list] of of('deal')) {
    const last = list.filter(({ type }) => type === 'DealClosed' || type === 'DealReopened').at(-1);
    if (last?.type !== 'DealClosed' || !inPeriod(ms(last.occurredAt))) continue;
    const at = ms(last.occurredAt);
    const outcome = last.data.outcome as 'won' | 'lost';
    const { leadId, source, campaignId, pipelineId, product, region, segment } = list[0]!.data;
    const of: Record<string, string> = { source: source ?? 'none', campaign: campaignId ?? 'none', pipeline: pipelineId ?? 'none', product: product ?? 'none', region: region ?? 'none', segment: segment ?? 'none' };
    const name = isUnit ? unitOf(dayOf(at)) : of[groupBy] ?? '*';
    if (!only || (of[only.by] ?? only.value) === only.value) {
      const counts = closed.get(name) ?? { won: 0, lost: 0 };
      counts[outcome] += 1;
      closed.set(name, counts);
    }
    for (const each of activities) if (each.at <= at && ((each.kind === 'deal' && each.id === id) || (each.kind === 'lead' && each.id === leadId))) groupFor(each.member, each.at, list[0]!.data, at).done[outcome] += 1;
  }

  for (const [, list] of of('workLog')) {
    const { memberId, category, minutes, on, automated } = { ...list[0]!.data, ...list.filter(({ type }) => type === 'WorkCorrected').at(-1)?.data };
    if (on < from || on > to) continue;
    const group = groupFor(memberId, ms(list[0]!.occurredAt), null, Date.parse(`${on}T12:00:00Z`));
    if (automated) { group.saved += minutes; group.actions += 1; } else { group.logged += minutes; group.entries += 1; if (ADMIN.includes(category)) group.admin += minutes; }
  }

  const days: { day: string; begin: number; end: number }[] = [];
  for (let day = from; day <= to; day = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)) days.push({ day, ...boundsOf(day, tz) });
  const past = days.filter(({ begin }) => begin < now);
  past.forEach(({ day, begin, end }, index) => {
    const at = Math.min(end, now);
    for (const member of staff.members) {
      if (staff.hasLeft(member, at - 1)) continue;
      const last = index === past.length - 1 || (isUnit && unitOf(past[index + 1]!.day) !== unitOf(day));
      const weight = stretches.filter((each) => each.member === member && each.from < at && (each.until === null || each.until >= at)).reduce((sum, each) => sum + each.weight, 0);
      const working = !staff.away(member, day) && staff.businessMinutes(member, begin, end) > 0;
      groupFor(member, at - 1, null, begin).loads.push({ weight, capacity: staff.capacity(member, at - 1), last, working });
    }
  });
  return { groups, closed, staff };
}
