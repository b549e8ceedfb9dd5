import type { Said } from '../../libs/testing/in-memory-log.js';
import type { Step } from './target-attainment.histories.js';

type Any = Said<{ type: string; data: object }>;
interface LeadNow { id: string; open: boolean; owner?: string; merged: boolean; qualified: boolean }
interface DealNow { id: string; open: boolean; outcome: 'won' | 'lost'; owner: string; pipeline: string; stage: string; value: { amountMinor: number; currency: string }; blocks: string[]; known: number }

const MEMBERS = ['ada', 'bob', 'cleo', 'dan'] as const;
const STAGES = { p: ['new', 'proposal', 'legal', 'gone'], q: ['new', 'demo', 'legal'] } as const;
const SOURCES = ['web', 'fair', 'referral'] as const;
const CAUSES = ['legal', 'pricing', 'technical'] as const;
const HOUR_MS = 3_600_000;
const START = Date.parse('2024-01-20T05:00:00.000Z');
/** The whole history reaches from January to July, over a leap day and a change of clocks, however many steps it has. */
const SPAN_MS = 160 * 24 * HOUR_MS;
const iso = (ms: number): string => new Date(ms).toISOString();

/** Turns steps into a history of leads and deals such as the deciders would let happen, told late now and then. */
export function funnelHistory(taken: readonly Step[]): Any[] {
  const history: Any[] = [];
  const leads: LeadNow[] = [];
  const deals: DealNow[] = [];
  const meetings: string[] = [];
  const say = (recorded: number, occurred: number, type: string, data: object): void => {
    history.push({ type, data: JSON.parse(JSON.stringify(data)) as object, occurredAt: iso(occurred), recordedAt: iso(recorded) });
  };
  const pipeline = (at: number, id: 'p' | 'q', stages: readonly string[]): void =>
    say(at, at, 'PipelineDefined', { policyId: `pipeline.${id}`, pipelineId: id, name: id, stages: stages.map((stage, index) => ({ stage, name: stage.toUpperCase(), probabilityPercent: 15 + 27 * index, ...(index !== 1 && { serviceLevelDays: 3 + index * 4 }) })) });
  pipeline(START, 'p', STAGES.p);
  pipeline(START, 'q', STAGES.q);
  MEMBERS.slice(0, 3).forEach((memberId, index) => say(START, START, 'MemberAdded', { memberId, name: memberId, role: ['coordinator', 'executive'][index % 2], zone: ['Europe/Zurich', 'America/Havana', 'UTC'][index], ...(index < 2 && { teamId: ['north', 'south'][index] }) }));
  say(START, START, 'PolicySet', { policyId: 'settings', settings: { zone: 'Europe/Zurich', currency: 'EUR' } });

  taken.forEach(({ what, who, which, amount, lateHours }, index) => {
    const now = START + Math.floor(((index + 1) * SPAN_MS) / taken.length);
    const at = now - lateHours * HOUR_MS;
    const member = MEMBERS[who % MEMBERS.length]!;
    const currency = ['EUR', 'EUR', 'USD', 'JPY'][which % 4]!;
    const rate = currency !== 'EUR' && amount % 2 === 0 ? { to: 'EUR', perUnitMicro: (currency === 'JPY' ? 6_000 : 900_000) + (amount % 777) } : undefined;
    const value = { amountMinor: amount, currency };
    const places = { ...(which % 3 > 0 && { region: ['EU', 'US'][which % 2] }), ...(who % 3 > 0 && { segment: ['small', 'large'][who % 2] }), ...(amount % 3 > 0 && { product: ['base', 'pro'][amount % 2] }) };
    const lead = leads[which % Math.max(1, leads.length)];
    const open = deals.filter((deal) => deal.open);
    const closed = deals.filter((deal) => !deal.open);
    const deal = open[which % Math.max(1, open.length)];

    if (what < 14 || !lead) {
      const made: LeadNow = { id: `l${index}`, open: true, merged: false, qualified: false, ...(which % 5 > 0 && { owner: member }) };
      leads.push(made);
      say(now, at, 'LeadCaptured', { leadId: made.id, source: SOURCES[who % 3], contact: {}, ownerId: made.owner, ...(amount % 4 === 0 && { campaignId: `k${which % 2}` }), ...places });
    } else if (what < 20) {
      if (!lead.merged) say(now, at, 'LeadContacted', { leadId: lead.id, memberId: member, channel: 'call', direction: 'outbound', automated: amount % 4 === 0 });
    } else if (what < 25) {
      if (lead.open) say(now, at, 'LeadQualified', { leadId: lead.id, ...(amount % 2 === 0 && { ownerId: lead.owner }) });
    } else if (what < 28) {
      if (!lead.merged) { say(now, at, 'LeadAssigned', { leadId: lead.id, ownerId: member, from: lead.owner }); lead.owner = member; }
    } else if (what < 32) {
      if (lead.open) { say(now, at, 'LeadDisqualified', { leadId: lead.id, reason: ['no_budget', 'spam'][amount % 2], ...(amount % 3 > 0 && { ownerId: lead.owner }) }); lead.open = false; }
      else if (!lead.merged) { say(now, at, 'LeadReopened', { leadId: lead.id, reason: 'x' }); lead.open = true; }
    } else if (what < 34) {
      if (lead.open) { say(now, at, 'LeadMerged', { leadId: lead.id, intoLeadId: leads[0]!.id }); lead.open = false; lead.merged = true; }
    } else if (what < 40) {
      if (amount % 2 === 0) { say(now, at, 'MeetingScheduled', { meetingId: `m${index}`, subject: { kind: which % 4 ? 'lead' : 'client', id: lead.id }, title: 'x', ownerId: member, attendeeIds: [], startsAt: iso(at), endsAt: iso(at + 1), zone: 'UTC' }); meetings.push(`m${index}`); }
      else { const [held] = meetings.splice(which % Math.max(1, meetings.length), 1); if (held !== undefined) say(now, at, 'MeetingHeld', { meetingId: held, outcome: 'progressed' }); }
    } else if (what < 56 || !deal) {
      const pipelineId = which % 3 ? 'p' : 'q';
      const from = who % 2 && !lead.merged ? lead : undefined;
      const made: DealNow = { id: `d${index}`, open: true, outcome: 'lost', owner: member, pipeline: pipelineId, stage: STAGES[pipelineId][which % 2]!, value, blocks: [], known: at };
      deals.push(made);
      say(now, at, 'DealOpened', { dealId: made.id, name: 'x', ownerId: member, pipelineId, stage: made.stage, value, rate, leadId: from?.id, ...(!from && amount % 2 === 0 && { source: SOURCES[which % 3] }), ...places });
      if (from?.open) { say(now, at, 'LeadConverted', { leadId: from.id, dealId: made.id }); from.open = false; }
    } else if (what < 72) {
      const stages = STAGES[deal.pipeline as 'p' | 'q'];
      const to = stages[which % stages.length]!;
      if (to !== deal.stage) { say(now, at, 'DealStageChanged', { dealId: deal.id, from: deal.stage, to }); deal.stage = to; }
    } else if (what < 82) {
      deal.open = false;
      deal.outcome = who % 3 === 0 ? 'lost' : 'won';
      deal.value = { ...deal.value, amountMinor: amount };
      deal.known = Math.max(at, deal.known);
      const closingRate = deal.value.currency === currency ? rate : undefined;
      say(now, deal.known, 'DealClosed', { dealId: deal.id, outcome: deal.outcome, value: deal.value, ownerId: deal.owner, stage: deal.stage, rate: closingRate, ...(deal.outcome === 'lost' && { reason: ['price', 'timing'][amount % 2] }) });
      deal.blocks = [];
    } else if (what < 86 && closed.length > 0) {
      const again = closed[which % closed.length]!;
      again.open = true;
      again.known = Math.max(at, again.known);
      again.stage = 'new';
      say(now, again.known, 'DealReopened', { dealId: again.id, outcome: again.outcome, value: again.value, ownerId: again.owner, stage: 'new', reason: 'x' });
    } else if (what < 89) {
      if (deal.owner !== member) { say(now, at, 'DealReassigned', { dealId: deal.id, ownerId: member, from: deal.owner }); deal.owner = member; }
    } else if (what < 91) {
      const revised = { amountMinor: amount, currency: deal.value.currency };
      say(now, at, 'DealValueRevised', { dealId: deal.id, value: revised, from: deal.value, rate: deal.value.currency === currency ? rate : undefined });
      deal.value = revised;
    } else if (what < 96) {
      const block = deal.blocks.pop();
      if (block !== undefined && who % 2) say(now, at, 'RoadblockCleared', { dealId: deal.id, roadblockId: block });
      else { say(now, at, 'RoadblockRaised', { dealId: deal.id, roadblockId: `r${index}`, cause: CAUSES[which % 3] }); deal.blocks.push(`r${index}`); }
    } else if (what < 97) say(now, at, 'MemberMovedToTeam', { memberId: member, teamId: ['north', 'south'][which % 2] });
    else if (what < 98) say(now, at, 'RoleChanged', { memberId: member, role: ['coordinator', 'executive'][which % 2], from: 'coordinator' });
    else if (what < 99) pipeline(now, 'p', which % 2 ? STAGES.p.slice(0, 3) : STAGES.p);
    else say(now, at, 'PolicySet', { policyId: 'settings', settings: { fiscalYearStartMonth: 1 + (which % 4), ...(who % 2 && { zone: ['America/New_York', 'Asia/Kolkata'][which % 2] }) } });
  });
  return history;
}
