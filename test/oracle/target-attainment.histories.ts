import fc from 'fast-check';
import type { Said } from '../../libs/testing/in-memory-log.js';

/** One thing that happens; what exactly depends on how things stand. All numbers are taken modulo what there is. */
export interface Step {
  readonly what: number;
  readonly who: number;
  readonly which: number;
  readonly amount: number;
  readonly lateHours: number;
}

export const steps = (count: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(fc.record({ what: fc.nat(99), who: fc.nat(999), which: fc.nat(999), amount: fc.integer({ min: 0, max: 99_999 }), lateHours: fc.oneof(fc.constant(0), fc.nat(48), fc.nat(1_500)) }), { minLength: count, maxLength: count });

type Any = Said<{ type: string; data: object }>;
interface DealNow { id: string; open: boolean; outcome: 'won' | 'lost'; owner: string; shares?: { memberId: string; percent: number }[]; value: { amountMinor: number; currency: string }; rate?: { to: string; perUnitMicro: number }; since: number }

const MEMBERS = ['ada', 'bob', 'cleo', 'dan'];
const TEAMS = ['north', 'south'];
const STAGES = ['new', 'proposal', 'legal', 'gone'];
const ROLES = ['coordinator', 'executive'];
const START = Date.parse('2024-01-20T05:00:00.000Z');
/** The whole history reaches over two changes of clocks and a leap day, however many steps it has. */
const SPAN_MS = 115 * 24 * 3_600_000;
const PERIODS = [{ from: '2024-01-01', to: '2024-03-31' }, { from: '2024-02-01', to: '2024-02-29' }, { from: '2024-02-26', to: '2024-04-07' }, { from: '2024-04-01', to: '2024-06-30' }, { from: '2024-03-30', to: '2024-03-31' }];
const iso = (ms: number): string => new Date(ms).toISOString();
const day = (ms: number): string => iso(ms).slice(0, 10);

/** Turns steps into a history such as the deciders would let happen. */
export function salesHistory(taken: readonly Step[]): Any[] {
  const history: Any[] = [];
  const deals: DealNow[] = [];
  const leads: { id: string; owner?: string; qualified: boolean }[] = [];
  const targets: { id: string; amount: number; currency?: string; withdrawn: boolean; months: number }[] = [];
  let count = 0;
  const say = (recorded: number, occurred: number, type: string, data: object): void => {
    history.push({ type, data: JSON.parse(JSON.stringify(data)) as object, occurredAt: iso(occurred), recordedAt: iso(recorded) });
  };
  const pipeline = (at: number, stages: string[]): void => say(at, at, 'PipelineDefined', { policyId: 'pipeline.p', pipelineId: 'p', name: 'P', stages: stages.map((stage, index) => ({ stage, name: stage, probabilityPercent: 15 + 28 * index })) });
  pipeline(START, STAGES);
  MEMBERS.forEach((memberId, index) => say(START, START, 'MemberAdded', { memberId, name: memberId, role: ROLES[index % 2], zone: 'UTC', ...(index < 3 && { teamId: TEAMS[index % 2] }) }));

  taken.forEach(({ what, who, which, amount, lateHours }, index) => {
    const now = START + Math.floor(((index + 1) * SPAN_MS) / taken.length);
    const at = now - lateHours * 3_600_000;
    const member = MEMBERS[who % MEMBERS.length]!;
    const currency = which % 5 === 0 ? 'USD' : 'EUR';
    const rate = currency === 'USD' && amount % 2 === 0 ? { to: 'EUR', perUnitMicro: 900_000 + (amount % 777) } : undefined;
    const open = deals.filter((deal) => deal.open);
    const closed = deals.filter((deal) => !deal.open);
    const own = open[which % Math.max(1, open.length)];
    count += 1;
    if (what < 14 || (what < 40 && !own)) {
      const deal: DealNow = { id: `d${count}`, open: true, outcome: 'lost', owner: member, value: { amountMinor: amount, currency }, since: at, ...(rate && { rate }) };
      deals.push(deal);
      const origin = { ...(which % 3 > 0 && { source: ['web', 'fair'][which % 2] }), ...(amount % 3 > 0 && { product: ['base', 'pro'][amount % 2] }), ...(who % 5 > 0 && { region: 'EU', segment: ['small', 'large'][who % 2] }), leadId: leads[which % Math.max(1, leads.length)]?.id };
      say(now, at, 'DealOpened', { ...origin, dealId: deal.id, name: 'x', ownerId: member, pipelineId: 'p', stage: STAGES[which % 4], value: deal.value, rate, ...(who % 3 > 0 && { expectedCloseOn: day(START + (amount % 150) * 86_400_000) }) });
    } else if (what < 28 && own) {
      own.open = false;
      own.outcome = who % 4 === 0 ? 'lost' : 'won';
      own.value = { ...own.value, amountMinor: amount };
      own.since = Math.max(at, own.since);
      say(now, own.since, 'DealClosed', { dealId: own.id, outcome: own.outcome, value: own.value, ownerId: own.owner, stage: 'legal', shares: own.shares, rate: own.rate, ...(own.outcome === 'lost' && { reason: 'price' }) });
    } else if (what < 33 && own) {
      own.shares = [{ memberId: member, percent: 1 + (amount % 99) }, { memberId: MEMBERS[(who + 1) % MEMBERS.length]!, percent: 99 - (amount % 99) }];
      say(now, at, 'DealCreditSplit', { dealId: own.id, shares: own.shares });
    } else if (what < 37 && own) {
      if (own.owner !== member) say(now, at, 'DealReassigned', { dealId: own.id, ownerId: member, from: own.owner });
      own.owner = member;
    } else if (what < 40 && own) {
      say(now, at, 'DealValueRevised', { dealId: own.id, value: { ...own.value, amountMinor: amount }, from: own.value, expectedCloseOn: day(START + (amount % 150) * 86_400_000) });
      own.value = { ...own.value, amountMinor: amount };
    } else if (what < 50 && closed.length > 0) {
      const deal = closed[which % closed.length]!;
      deal.open = true;
      deal.since = Math.max(at, deal.since);
      say(now, deal.since, 'DealReopened', { dealId: deal.id, outcome: deal.outcome, value: deal.value, ownerId: deal.owner, stage: 'proposal', shares: deal.shares, reason: 'x' });
    } else if (what < 58) {
      say(now, at, 'MeetingScheduled', { meetingId: `m${count}`, subject: { kind: 'deal', id: 'x' }, title: 'x', ownerId: member, attendeeIds: [], startsAt: iso(at), endsAt: iso(at + 1), zone: 'UTC' });
      if (which % 3 > 0) say(now, at, 'MeetingHeld', { meetingId: `m${count}`, outcome: 'other' });
    } else if (what < 66) {
      const lead = { id: `l${count}`, qualified: false, ...(which % 4 > 0 && { owner: member }) };
      leads.push(lead);
      say(now, at, 'LeadCaptured', { leadId: lead.id, source: ['referral', 'web'][which % 2], contact: {}, ownerId: lead.owner, ...(amount % 2 === 0 && { campaignId: 'k', product: 'base', region: 'US' }) });
      say(now, at, 'LeadQualified', { leadId: lead.id, ownerId: lead.owner });
    } else if (what < 70 && leads.length > 1) {
      const lead = leads[which % leads.length]!;
      if (amount % 2 === 0) say(now, at, 'LeadAssigned', { leadId: lead.id, ownerId: member });
      else if (amount % 3 === 0) say(now, at, 'LeadMerged', { leadId: lead.id, intoLeadId: 'other' });
      else say(now, at, 'LeadQualified', { leadId: lead.id, ownerId: member });
    } else if (what < 75) say(now, at, 'MemberMovedToTeam', { memberId: member, teamId: TEAMS[which % 2] });
    else if (what < 77) say(now, at, 'RoleChanged', { memberId: member, role: ROLES[which % 2], from: ROLES[0] });
    else if (what < 79) say(now, at, 'WorkCalendarSet', { memberId: member, zone: 'UTC', weekdays: [1, 2, 3, 4, 5, 6, 7].filter((weekday) => weekday !== 1 + (which % 7)), hours: { from: '09:00', to: '17:00' }, holidays: [day(START + (amount % 150) * 86_400_000)] });
    else if (what < 81) say(now, at, 'PolicySet', { policyId: 'settings', settings: which % 2 === 0 ? { holidays: [day(START + (amount % 150) * 86_400_000), '2024-04-01'] } : { businessDays: [1, 2, 3, 4, 5, 6].slice(which % 3), zone: 'Europe/Zurich', fiscalYearStartMonth: 1 + (which % 3) } });
    else if (what < 83) pipeline(now, which % 2 === 0 ? STAGES.slice(0, 3) : STAGES);
    else if (what < 95 || targets.length === 0) {
      const scope = (['member', 'team', 'company'] as const)[who % 3]!;
      const metric = ['booked_value', 'booked_value', 'won_deals', 'meetings_held', 'qualified_leads'][which % 5]!;
      const period = PERIODS[amount % PERIODS.length]!;
      const months = Number(period.to.slice(5, 7)) - Number(period.from.slice(5, 7)) + 1;
      const target = { id: `t${count}`, amount: 1 + (metric === 'booked_value' ? amount * 3 : amount % 20), withdrawn: false, months, ...(metric === 'booked_value' && { currency: amount % 7 === 0 ? 'USD' : 'EUR' }) };
      targets.push(target);
      const weights = who % 4 === 0 ? Array.from({ length: months }, (_, month) => (amount + month * 3) % 5 + (month === 0 ? 1 : 0)) : undefined;
      say(now, at, 'TargetSet', { targetId: target.id, metric, scope, ...(scope === 'member' ? { scopeId: member } : scope === 'team' ? { scopeId: TEAMS[which % 2] } : {}), period, amount: target.amount, currency: target.currency, zone: amount % 2 === 0 ? 'Europe/Zurich' : 'America/New_York', weights });
    } else {
      const target = targets[which % targets.length]!;
      if (target.withdrawn) return;
      if (who % 4 === 0) {
        target.withdrawn = true;
        say(now, at, 'TargetWithdrawn', { targetId: target.id, reason: 'x' });
      } else {
        say(now, at, 'TargetRevised', { targetId: target.id, amount: target.amount + 10, from: target.amount, currency: target.currency, reason: 'x', ...(who % 4 === 1 && { weights: Array.from({ length: target.months }, (_, month) => month + 1) }) });
        target.amount += 10;
      }
    }
  });
  return history;
}
