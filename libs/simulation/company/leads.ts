import { AssignLead, CaptureLead, ConvertLead, DisqualifyLead, MergeLead, QualifyLead, RecordContact, ReopenLead, ScoreLead } from '../../domain/lead/commands.js';
import type { ContactChannel, DisqualifyReason } from '../../domain/lead/events.js';
import { AttributeLead } from '../../domain/campaign/commands.js';
import { ForgetContact } from '../../domain/contact/commands.js';
import { build } from '../../kernel/command.js';
import type { Random } from '../random.js';
import { WEB_FORM, type Company } from './company.js';
import { onboardClient } from './clients.js';
import { openDeal } from './deals.js';
import { planFollowUp } from './follow-ups.js';
import { planMeeting, type MeetingEnd } from './meetings.js';
import { prospect } from './names.js';
import type { Held, Person } from './person.js';
import { quarterOf } from './quarters.js';
import { PRODUCTS, SEGMENTS, SOURCES, type Market, type Segment, type Source } from './setting.js';
import { DAY_MS, HOUR_MS } from './work-time.js';

const OWNED_AT_CAPTURE_CHANCE = 0.35;
const SCORED_CHANCE = 0.85;
const AUTOMATED_REPLY_CHANCE = 0.25;
const NEVER_CONTACTED_CHANCE = 0.05;
const DUPLICATE_CHANCE = 0.05;
/** The rest is for the report on duplicates to find. */
const NOTICED_CHANCE = 0.7;
const CONTACTS_MAX = 5;
const QUALIFY_CHANCE = 0.3;
const DISQUALIFY_CHANCE = 0.16;
const MEETINGS_MAX = 3;
const REOPEN_CHANCE = 0.07;
const FORGET_CHANCE = 0.02;
const MINUTE_MS = 60_000;

/** Someone who may buy, from the first word to a deal or to nothing. */
export interface Lead extends Held {
  readonly id: string;
  readonly source: string;
  /** How likely something is to come of it, around 1. */
  readonly quality: number;
  readonly company: string;
  readonly market: Market;
  readonly segment: Segment;
  readonly product: string;
  readonly campaignId: string | undefined;
  readonly random: Random;
  contacts: number;
  meetings: number;
  isOpen: boolean;
}

/** Where a lead comes from. */
export interface Origin {
  readonly source: string;
  readonly quality: number;
  readonly campaignId?: string;
}

export const originOf = (random: Random): Origin => {
  const source = random.word<Source>({ web: SOURCES.web.weight, referral: SOURCES.referral.weight, partner: SOURCES.partner.weight, outbound: SOURCES.outbound.weight, fair: SOURCES.fair.weight, social: SOURCES.social.weight });
  return { source, quality: SOURCES[source].quality };
};

/** A lead comes in and sets everything going that will come of it. */
export function captureLead(company: Company, origin: Origin): void {
  const leadId = company.world.id('lead');
  const random = company.world.random.fork(leadId);
  const market = random.weighted(company.markets, ({ region }) => 1 + company.present().filter((person) => person.region === region).length);
  const segment = random.word<Segment>({ small: SEGMENTS.small.weight, mid: SEGMENTS.mid.weight, enterprise: SEGMENTS.enterprise.weight });
  const who = prospect(random, Number(leadId.slice(leadId.lastIndexOf('-') + 1)));
  const owner = company.someone('coordinator', random, { region: market.region });
  const lead: Lead = {
    id: leadId, owner, source: origin.source, quality: origin.quality, company: who.company, market, segment, product: random.pick(PRODUCTS), campaignId: origin.campaignId, random, contacts: 0, meetings: 0, isOpen: true,
    handOver: (from) => company.send(company.managerOf(from), build(AssignLead, { leadId, ownerId: lead.owner.id, reason: `${from.name} leaves` })),
  };
  const isOwned = random.chance(OWNED_AT_CAPTURE_CHANCE);
  const about = { source: lead.source, ...who, region: market.region, segment, product: lead.product, ...(origin.campaignId !== undefined && { campaignId: origin.campaignId }) };
  company.send(isOwned ? owner : WEB_FORM, build(CaptureLead, { leadId, ...about, ...(isOwned && { ownerId: owner.id }) }));
  if (origin.campaignId !== undefined) company.send(WEB_FORM, build(AttributeLead, { campaignId: origin.campaignId, leadId }));
  company.hold(lead);
  if (!isOwned) assignLater(company, lead);
  if (random.chance(DUPLICATE_CHANCE)) duplicate(company, lead, about);
  if (random.chance(SCORED_CHANCE)) company.world.at(company.nowMs + random.between(6, 9) * HOUR_MS, () => score(company, lead));
  firstContact(company, lead);
}

function assignLater(company: Company, lead: Lead): void {
  // Who it goes to was settled above; that the owner leaves before it is said is then said at once.
  company.world.at(company.nowMs + lead.random.between(2, 100) * MINUTE_MS, () =>
    company.send(company.managerOf(lead.owner), build(AssignLead, { leadId: lead.id, ownerId: lead.owner.id, reason: 'by territory' })));
}

function score(company: Company, lead: Lead): void {
  if (!lead.isOpen) return;
  const points = Math.max(1, Math.min(100, Math.round(lead.quality * 40 + lead.random.between(-15, 25))));
  company.send(lead.owner, build(ScoreLead, { leadId: lead.id, score: points, model: 'fit-2' }));
}

/** The same person comes in by another way, typed anew, and mostly somebody notices. */
function duplicate(company: Company, lead: Lead, about: Omit<CaptureLead, 'type' | 'leadId'>): void {
  const { random } = lead;
  const leadId = company.world.id('lead');
  const capturedMs = company.nowMs + random.between(1, 120) * HOUR_MS;
  company.world.at(capturedMs, () => {
    company.send(WEB_FORM, build(CaptureLead, { leadId, ...about, source: 'web', ...(about.company !== undefined && { company: about.company.toUpperCase() }) }));
    if (!random.chance(NOTICED_CHANCE)) return;
    company.whenAtWork(lead.owner, random.between(2, 60) * HOUR_MS, random, () => company.send(lead.owner, build(MergeLead, { leadId, intoLeadId: lead.id })));
  });
}

function firstContact(company: Company, lead: Lead): void {
  const { random, owner } = lead;
  if (random.chance(AUTOMATED_REPLY_CHANCE)) company.world.at(company.nowMs + random.between(101, 130) * MINUTE_MS, () => touch(company, lead, 'email', true));
  if (random.chance(NEVER_CONTACTED_CHANCE / owner.skill)) return;
  company.whenAtWork(owner, (105 + random.lognormal(70, 1.1) * owner.pace) * MINUTE_MS, random, () => contact(company, lead));
}

function touch(company: Company, lead: Lead, channel: ContactChannel, automated: boolean): void {
  const direction = !automated && lead.random.chance(0.15) ? 'inbound' : 'outbound';
  company.send(lead.owner, build(RecordContact, { leadId: lead.id, memberId: lead.owner.id, channel, direction, ...(automated && { automated }) }));
}

/** One conversation; it settles the matter or leads to the next one. */
function contact(company: Company, lead: Lead): void {
  if (!lead.isOpen) return;
  const { random, owner, quality } = lead;
  touch(company, lead, random.word<ContactChannel>({ call: 55, email: 30, chat: 8, visit: 4, social: 3 }), false);
  lead.contacts += 1;
  if (lead.contacts === 2 && random.chance(0.4)) score(company, lead);
  if (random.chance(Math.min(0.8, QUALIFY_CHANCE * quality * owner.skill))) return qualify(company, lead);
  if (random.chance(DISQUALIFY_CHANCE / quality)) return disqualify(company, lead, random.word<DisqualifyReason>({ no_budget: 28, no_need: 26, bad_timing: 20, no_authority: 12, competitor: 10, spam: 4 }));
  if (lead.contacts >= CONTACTS_MAX) return disqualify(company, lead, 'unreachable');
  followUp(company, lead, random.whole(2, 7), () => contact(company, lead));
}

function followUp(company: Company, lead: Lead, days: number, then: () => void): void {
  planFollowUp(company, lead.owner, { subject: { kind: 'lead', id: lead.id }, days, then: () => { if (lead.isOpen) then(); } });
}

function qualify(company: Company, lead: Lead): void {
  const { random, owner } = lead;
  company.send(owner, build(QualifyLead, { leadId: lead.id }));
  const key = `${quarterOf(company.day()).from} ${owner.id}`;
  company.qualified.set(key, (company.qualified.get(key) ?? 0) + 1);
  if (random.chance(0.12)) return company.whenAtWork(owner, DAY_MS, random, () => convert(company, lead));
  company.whenAtWork(owner, random.between(0.2, 8) * HOUR_MS, random, () => meet(company, lead));
}

function meet(company: Company, lead: Lead): void {
  if (!lead.isOpen) return;
  lead.meetings += 1;
  const then = (end: MeetingEnd): void => afterMeeting(company, lead, end);
  planMeeting(company, lead.owner, { subject: { kind: 'lead', id: lead.id }, title: `First talk with ${lead.company}`, days: lead.random.whole(2, 12), quality: lead.quality, then });
}

function afterMeeting(company: Company, lead: Lead, end: MeetingEnd): void {
  if (!lead.isOpen) return;
  if (end === 'progressed') return company.whenAtWork(lead.owner, lead.random.between(0.2, 20) * HOUR_MS, lead.random, () => convert(company, lead));
  if (end === 'not_interested') return disqualify(company, lead, 'no_need');
  if (lead.meetings >= MEETINGS_MAX) return disqualify(company, lead, end === 'no_show' ? 'unreachable' : 'bad_timing');
  followUp(company, lead, lead.random.whole(1, 6), () => meet(company, lead));
}

function disqualify(company: Company, lead: Lead, reason: DisqualifyReason): void {
  const { random } = lead;
  company.send(lead.owner, build(DisqualifyLead, { leadId: lead.id, reason }));
  lead.isOpen = false;
  company.release(lead);
  if (random.chance(REOPEN_CHANCE)) return company.world.at(company.nowMs + random.between(20, 80) * DAY_MS, () => reopen(company, lead));
  if (random.chance(FORGET_CHANCE)) company.world.at(company.nowMs + random.between(5, 40) * DAY_MS, () => company.send(company.people[0]!, build(ForgetContact, { contactId: lead.id, reason: 'requested' })));
}

function reopen(company: Company, lead: Lead): void {
  const owner = currentOwner(company, lead);
  company.send(owner, build(ReopenLead, { leadId: lead.id, reason: lead.random.pick(['called us again', 'new budget', 'new contact person']) }));
  if (owner !== lead.owner) {
    lead.owner = owner;
    company.send(company.managerOf(owner), build(AssignLead, { leadId: lead.id, ownerId: owner.id, reason: 'taken up again' }));
  }
  lead.isOpen = true;
  lead.contacts = 0;
  lead.meetings = 0;
  company.hold(lead);
  company.whenAtWork(owner, HOUR_MS, lead.random, () => contact(company, lead));
}

const currentOwner = (company: Company, { owner, random }: Lead): Person =>
  company.present().includes(owner) ? owner : company.someone('coordinator', random, { region: owner.region });

function convert(company: Company, lead: Lead): void {
  if (!lead.isOpen) return;
  lead.isOpen = false;
  company.release(lead);
  const { id: leadId, owner, quality, market, segment, product, source, campaignId } = lead;
  const dealId = openDeal(company, { by: owner, leadId, company: lead.company, quality, market, segment, product, source, whenWon: (deal) => onboardClient(company, deal), ...(campaignId !== undefined && { campaignId }) });
  company.send(owner, build(ConvertLead, { leadId, dealId }));
}
