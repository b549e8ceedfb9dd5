import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { boundsOf, clockAt } from './coordinator-efficiency.staff.js';
import { groupedBy } from './grouped-by.js';

/* Who is ready and what material did, once more as plain loops over the events: no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

export interface Question { from: string; to: string; tz: string; expiringDays: number; who?: readonly string[]; team?: string }
interface Certificate { id: string; member: string; name: string; issued: string; expires: string }

const NEVER = '9999-12-31';
const DAY_MS = 86_400_000;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function enablementOracle(events: readonly Event[], nowAt: string, { from, to, tz, expiringDays, who, team }: Question) {
  const now = Date.parse(nowAt);
  const today = clockAt(Math.floor(now / 900_000) * 900_000, tz).day;
  const [since, until] = [boundsOf(from, tz).begin, boundsOf(to, tz).end];
  const of = groupedBy(events, ({ type }) => type);
  const about = (field: string, id: string, ...types: string[]): Event[] => types.flatMap((type) => of(type).filter(({ data }) => data[field] === id)).sort((a, b) => a.position - b.position);

  const members = of('MemberAdded').map(({ data }) => String(data.memberId)).filter((member) => {
    const teamOf = about('memberId', member, 'MemberAdded', 'MemberMovedToTeam').findLast(({ data }) => data.teamId)?.data.teamId;
    return (who === undefined || who.includes(member)) && (team === undefined || teamOf === team) && !about('memberId', member, 'MemberOffboarded').some(({ data }) => Date.parse(data.leftAt) <= now);
  }).sort();

  // What is recorded anew under its id takes the place of what was; of a certificate that is held twice the one counts that is valid longest.
  const recorded = new Map<string, Certificate>();
  for (const { data } of of('CertificationRecorded')) recorded.set(data.certificationId, { id: data.certificationId, member: data.memberId, name: data.certificate, issued: data.issuedOn, expires: data.expiresOn ?? NEVER });
  const held = new Map<string, Certificate>();
  for (const one of recorded.values()) {
    const key = `${one.member}/${one.name.toLowerCase()}`;
    const other = held.get(key);
    const isBetter = !other || one.expires > other.expires || (one.expires === other.expires && (one.issued > other.issued || (one.issued === other.issued && one.id < other.id)));
    if (isBetter) held.set(key, one);
  }
  const certificates = [...held.values()];

  const readiness = members.map((member) => {
    const trainings = of('TrainingAssigned').filter(({ data }) => data.memberId === member).map(({ data }) => ({ due: data.dueOn as string | undefined, isDone: about('trainingId', data.trainingId, 'TrainingCompleted').length > 0 }));
    const own = certificates.filter((each) => each.member === member);
    const open = trainings.filter(({ isDone }) => !isDone);
    const late = open.filter(({ due }) => due !== undefined && due < today).length;
    const expired = own.filter(({ expires }) => expires < today).length;
    return { memberId: member, trainingsCompleted: trainings.length - open.length, trainingsOpen: open.length, trainingsLate: late, certificatesValid: own.length - expired, certificatesExpired: expired, ready: late === 0 && expired === 0 };
  });
  const lastDay = new Date(Date.parse(today) + expiringDays * DAY_MS).toISOString().slice(0, 10);
  const expiring = certificates.filter(({ member, expires }) => members.includes(member) && expires !== NEVER && expires >= today && expires <= lastDay)
    .sort((a, b) => byText(a.expires, b.expires) || byText(a.member, b.member) || byText(a.name, b.name)).map(({ id, expires }) => [id, (Date.parse(expires) - Date.parse(today)) / DAY_MS]);

  // Deals that are open, or were closed in the period, and what was shown to them or their leads before.
  const shares = groupedBy(of('MaterialShared'), ({ data: { subject } }) => `${subject.kind}/${subject.id}`);
  const ends = groupedBy(events.filter(({ type }) => type === 'DealClosed' || type === 'DealReopened'), ({ data }) => data.dealId);
  const deals = of('DealOpened').flatMap(({ data }) => {
    const last = ends(data.dealId).at(-1);
    const closing = last?.type === 'DealClosed' ? last : undefined;
    const at = closing && Date.parse(closing.occurredAt);
    if (at !== undefined && (at < since || at >= until)) return [];
    const shown = [...shares(`deal/${data.dealId}`), ...(data.leadId === undefined ? [] : shares(`lead/${data.leadId}`))].filter(({ occurredAt }) => at === undefined || Date.parse(occurredAt) <= at);
    return [{ status: closing ? String(closing.data.outcome) : 'open', materials: new Set(shown.map((share) => String(share.data.materialId))) }];
  });
  // A new edition is the same material.
  const materials = [...new Set(of('MaterialPublished').map(({ data }) => String(data.materialId)))].map((materialId) => {
    const used = (status: string): number => deals.filter((deal) => deal.status === status && deal.materials.has(materialId)).length;
    const [won, lost] = [used('won'), used('lost')];
    const shown = of('MaterialShared').filter((share) => share.data.materialId === materialId && Date.parse(share.occurredAt) >= since && Date.parse(share.occurredAt) < until).length;
    return { materialId, shares: shown, wonDeals: won, lostDeals: lost, openDeals: used('open'), winRate: won + lost === 0 ? null : won / (won + lost) };
  }).sort((a, b) => b.wonDeals - a.wonDeals || b.shares - a.shares || byText(a.materialId, b.materialId));
  const won = deals.filter(({ status }) => status === 'won');
  return { members: members.length, ready: readiness.filter(({ ready }) => ready).length, readiness, expiring, wonDeals: won.length, wonDealsWithMaterial: won.filter((deal) => deal.materials.size > 0).length, materials };
}
