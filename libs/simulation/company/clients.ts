import { ChurnClient, DownsizeClient, ExpandClient, OnboardClient, ReassignClient, RecordPurchase, RenewClient, WinBackClient } from '../../domain/client/commands.js';
import type { ChurnReason } from '../../domain/client/events.js';
import { build } from '../../kernel/command.js';
import type { Money } from '../../kernel/event.js';
import type { Random } from '../random.js';
import { startCases } from './cases.js';
import type { Client } from './client.js';
import type { Company } from './company.js';
import type { Deal } from './deal.js';
import { openDeal } from './deals.js';
import { planFollowUp } from './follow-ups.js';
import { prospect } from './names.js';
import type { Person } from './person.js';
import { PRODUCTS, SEGMENTS, type Segment } from './setting.js';
import { askHowLikely } from './surveys.js';
import { allocateTask } from './tasks.js';
import { DAY_MS } from './work-time.js';

const MONTH_DAYS = 30;
const TERM_DAYS = [91, 91, 182, 182, 365] as const;
const ONE_OFF_CHANCE = 0.12;
const PURCHASE_CHANCE = 0.2;
const GROWTH_CHANCE = 0.06;
const EXPAND_CHANCE = 0.04;
const DOWNSIZE_CHANCE = 0.02;
const CHURN_CHANCE = 0.008;
const CHECK_IN_CHANCE = 0.7;
const WIN_BACK_CHANCE = 0.15;
const NPS_EVERY_MONTHS = 3;
const REVENUE_STEP_MINOR = 1_000;

const money = (client: Client, amount: number): Money => ({ amountMinor: Math.max(REVENUE_STEP_MINOR, Math.round(amount / REVENUE_STEP_MINOR) * REVENUE_STEP_MINOR), currency: client.currency });

/** A won deal becomes a client. Returns what ends it, should the win be taken back. */
export function onboardClient(company: Company, deal: Deal): () => void {
  const { market, segment, product } = deal;
  const client = newClient(company, company.someone('coordinator', deal.random, { region: market.region }), { name: deal.company, market, segment, product, yearlyMinor: deal.value.amountMinor });
  const contact = prospect(client.random, company.clients.length);
  onboard(company, client, { contactName: contact.contactName, contactEmail: contact.contactEmail, dealId: deal.id, ...(deal.leadId !== undefined && { leadId: deal.leadId }) });
  for (const title of ['Set up the account', 'Introduce the support']) allocateTask(company, client.owner, { title, subject: { kind: 'client', id: client.id } });
  return () => churn(company, client, 'other');
}

/** Those whom the company had before its story begins. */
export function onboardKnownClient(company: Company, random: Random): void {
  const market = random.pick(company.markets);
  const segment = random.word<Segment>({ small: SEGMENTS.small.weight, mid: SEGMENTS.mid.weight, enterprise: SEGMENTS.enterprise.weight });
  const who = prospect(random, 9_000 + company.clients.length);
  const owner = company.someone('coordinator', random, { region: market.region });
  const client = newClient(company, owner, { name: who.company, market, segment, product: random.pick(PRODUCTS), yearlyMinor: random.lognormal(SEGMENTS[segment].valueMinor, 0.5) });
  onboard(company, client, { contactName: who.contactName, contactEmail: who.contactEmail, contactPhone: who.contactPhone });
}

function newClient(company: Company, owner: Person, { name, market, segment, product, yearlyMinor }: Pick<Client, 'name' | 'market' | 'segment' | 'product'> & { readonly yearlyMinor: number }): Client {
  const id = company.world.id('client');
  const random = company.world.random.fork(id);
  const client: Client = {
    id, owner, name, market, segment, product, random, currency: market.currency, mood: random.between(0.5, 1), isActive: true, purchases: 0, monthlyMinor: 0, renewalOn: company.day(random.pick(TERM_DAYS)),
    handOver: (from) => company.send(company.managerOf(from), build(ReassignClient, { clientId: id, ownerId: client.owner.id, reason: `${from.name} leaves` })),
  };
  // Some buy once and pay nothing by the month.
  client.monthlyMinor = random.chance(ONE_OFF_CHANCE) ? 0 : money(client, yearlyMinor / 12).amountMinor;
  company.clients.push(client);
  company.hold(client);
  return client;
}

function onboard(company: Company, client: Client, more: Pick<OnboardClient, 'contactName' | 'contactEmail' | 'contactPhone' | 'dealId' | 'leadId'>): void {
  const { id: clientId, owner, name, currency, monthlyMinor, renewalOn, segment, market, product } = client;
  company.send(owner, build(OnboardClient, { clientId, name, ownerId: owner.id, monthlyRevenue: { amountMinor: monthlyMinor, currency }, segment, region: market.region, product, ...(monthlyMinor > 0 && { renewalOn }), ...more }));
  if (monthlyMinor > 0) awaitRenewal(company, client);
  else purchase(company, client);
  startCases(company, client);
  month(company, client, 1);
}

/** Every month something may come of a client: orders, more or less of it, a word with them, or the end. */
function month(company: Company, client: Client, number: number): void {
  const { random } = client;
  company.whenAtWork(client.owner, (MONTH_DAYS + random.between(-6, 6)) * DAY_MS, random, () => {
    month(company, client, number + 1);
    if (!client.isActive) return;
    const subject = { kind: 'client', id: client.id } as const;
    if (random.chance(CHECK_IN_CHANCE)) planFollowUp(company, client.owner, { subject, days: random.whole(1, 8) });
    if (number % NPS_EVERY_MONTHS === 0) askHowLikely(company, client);
    if (random.chance(client.monthlyMinor === 0 ? 2 * PURCHASE_CHANCE : PURCHASE_CHANCE)) purchase(company, client);
    if (random.chance(GROWTH_CHANCE * client.mood)) offerMore(company, client);
    if (client.monthlyMinor === 0) return;
    if (random.chance(CHURN_CHANCE * (2 - client.mood))) return churn(company, client, reasonToLeave(client));
    if (random.chance(EXPAND_CHANCE * client.mood)) return change(company, client, random.between(1.05, 1.35));
    if (random.chance(DOWNSIZE_CHANCE)) change(company, client, random.between(0.55, 0.92));
  });
}

function change(company: Company, client: Client, factor: number, dealId?: string): void {
  const monthlyRevenue = money(client, client.monthlyMinor * factor);
  const { id: clientId, monthlyMinor: before } = client;
  client.monthlyMinor = monthlyRevenue.amountMinor;
  if (monthlyRevenue.amountMinor > before) company.send(client.owner, build(ExpandClient, { clientId, monthlyRevenue, reason: 'more users', ...(dealId !== undefined && { dealId }) }));
  if (monthlyRevenue.amountMinor < before) company.send(client.owner, build(DownsizeClient, { clientId, monthlyRevenue, reason: 'fewer users' }));
}

function purchase(company: Company, client: Client): void {
  const { random, id: clientId } = client;
  const amount = money(client, random.lognormal(SEGMENTS[client.segment].valueMinor * 0.08, 0.6));
  company.send(client.owner, build(RecordPurchase, { clientId, purchaseId: `order-${(client.purchases += 1)}`, amount, product: random.pick(PRODUCTS) }));
}

function offerMore(company: Company, client: Client): void {
  const { owner, name, market, segment, random, id, currency } = client;
  openDeal(company, { by: owner, company: name, quality: 1 + client.mood, market, segment, product: random.pick(PRODUCTS), source: 'client', client: { id, currency }, whenWon: (deal) => grow(company, client, deal) });
}

/** A client who has left in the meantime has still bought; there is nothing to grow. */
function grow(company: Company, client: Client, deal: Deal): () => void {
  if (!client.isActive) return () => undefined;
  if (client.monthlyMinor > 0) change(company, client, 1 + deal.value.amountMinor / 12 / client.monthlyMinor, deal.id);
  else purchase(company, client);
  return () => { if (client.isActive && client.monthlyMinor > 0) change(company, client, 0.9); };
}

function reasonToLeave({ mood, random }: Client): ChurnReason {
  return random.word<ChurnReason>({ price: 30, competitor: 22, no_need: 15, service: mood < 0.5 ? 40 : 8, product_gap: 12, out_of_business: 6 });
}

export function churn(company: Company, client: Client, reason: ChurnReason): void {
  if (!client.isActive) return;
  const { random, id: clientId } = client;
  client.isActive = false;
  company.send(client.owner, build(ChurnClient, { clientId, reason }));
  if (!random.chance(WIN_BACK_CHANCE)) return;
  company.whenAtWork(client.owner, random.between(30, 120) * DAY_MS, random, () => {
    client.isActive = true;
    client.mood = 0.7;
    const monthlyRevenue = money(client, client.monthlyMinor * random.between(0.7, 1));
    client.monthlyMinor = monthlyRevenue.amountMinor;
    client.renewalOn = company.day(random.pick(TERM_DAYS));
    company.send(client.owner, build(WinBackClient, { clientId, monthlyRevenue, renewalOn: client.renewalOn }));
    awaitRenewal(company, client);
  });
}

/** Renewed ahead of the day, late, or not at all: then the clock says that it lapsed, and later they are gone. */
function awaitRenewal(company: Company, client: Client): void {
  const { random, renewalOn } = client;
  const dueMs = Date.parse(renewalOn);
  const then = (atMs: number, run: () => void): void =>
    company.world.at(Math.max(atMs, company.nowMs + DAY_MS), () => { if (client.isActive && client.renewalOn === renewalOn) run(); });
  then(dueMs - 30 * DAY_MS, () => allocateTask(company, client.owner, { title: `Prepare the renewal of ${client.name}`, subject: { kind: 'client', id: client.id } }));
  if (random.chance(0.7 + 0.22 * client.mood)) return then(dueMs - random.between(1, 24) * DAY_MS, () => renew(company, client));
  if (random.chance(0.5)) return then(dueMs + random.between(2, 20) * DAY_MS, () => renew(company, client));
  then(dueMs + random.between(2, 30) * DAY_MS, () => churn(company, client, reasonToLeave(client)));
}

function renew(company: Company, client: Client): void {
  const { random, id: clientId } = client;
  const from = Math.max(Date.parse(client.renewalOn), company.nowMs);
  client.renewalOn = new Date(from + random.pick(TERM_DAYS) * DAY_MS).toISOString().slice(0, 10);
  const factor = random.chance(0.3) ? random.between(0.9, 1.2) : 1;
  const monthlyRevenue = money(client, client.monthlyMinor * factor);
  client.monthlyMinor = monthlyRevenue.amountMinor;
  company.send(client.owner, build(RenewClient, { clientId, renewalOn: client.renewalOn, monthlyRevenue }));
  awaitRenewal(company, client);
}
