import { ApproveException, EscalateCase, KeepPromise, OpenCase, PromiseToClient, ReopenCase, ResolveCase, RespondToCase } from '../../domain/case/commands.js';
import type { CaseChannel, CaseKind } from '../../domain/case/events.js';
import { build } from '../../kernel/command.js';
import type { Random } from '../random.js';
import { instant } from '../world.js';
import type { Client } from './client.js';
import type { Company } from './company.js';
import { actorOf, type Held } from './person.js';
import { askHowSatisfied } from './surveys.js';
import { DAY_MS, HOUR_MS } from './work-time.js';

const CASE_EVERY_DAYS_MEAN = 75;
const ESCALATE_CHANCE = 0.1;
const SECOND_ANSWER_CHANCE = 0.4;
const PROMISE_CHANCE = 0.3;
const EXCEPTION_CHANCE = 0.06;
const REOPEN_CHANCE = 0.08;
const SURVEY_CHANCE = 0.6;
/** What a case costs or brings in mood. */
const MOOD_LOST = 0.12;
const MOOD_GAINED = 0.04;

const TITLES: Readonly<Record<CaseKind, readonly string[]>> = {
  inquiry: ['Question on the invoice', 'How do we add users?', 'What does the larger plan cost?'],
  issue: ['Export does not arrive', 'Wrong amount charged', 'Login fails for a colleague'],
  expectation: ['Expected a faster answer', 'Wants a quarterly review', 'Wants one contact person'],
};

interface Case extends Held {
  readonly id: string;
  readonly client: Client;
  readonly random: Random;
  readonly openedMs: number;
  promises: number;
  reopened: boolean;
}

/** From now on the client writes or calls, the more often the larger it is. */
export function startCases(company: Company, client: Client): void {
  const size = { small: 1.3, mid: 0.9, enterprise: 0.55 }[client.segment];
  const days = -Math.log(1 - client.random.next()) * CASE_EVERY_DAYS_MEAN * size;
  company.world.at(company.nowMs + Math.max(1, days) * DAY_MS, () => {
    if (client.isActive) openCase(company, client);
    startCases(company, client);
  });
}

function openCase(company: Company, client: Client): void {
  const caseId = company.world.id('case');
  const random = company.world.random.fork(caseId);
  const kind = random.word<CaseKind>({ inquiry: 50, issue: 38, expectation: 12 });
  const { owner } = client;
  const each: Case = {
    id: caseId, client, owner, random, openedMs: company.nowMs, promises: 0, reopened: false,
    handOver: (from) => company.send(company.managerOf(from), build(EscalateCase, { caseId, ownerId: each.owner.id, reason: `${from.name} leaves` })),
  };
  company.hold(each);
  company.send(owner, build(OpenCase, { caseId, kind, subject: { kind: 'client', id: client.id }, ownerId: owner.id, title: random.pick(TITLES[kind]), channel: random.word<CaseChannel>({ email: 50, call: 30, chat: 15, form: 5 }) }));
  company.whenAtWork(owner, random.lognormal(2.2, 1) * owner.pace * HOUR_MS, random, () => respond(company, each, 1));
}

function respond(company: Company, each: Case, number: number): void {
  const { id: caseId, random } = each;
  company.send(each.owner, build(RespondToCase, { caseId, responseId: `a${number}` }));
  if (random.chance(PROMISE_CHANCE)) promise(company, each);
  if (number === 1 && random.chance(ESCALATE_CHANCE)) return escalate(company, each);
  const waitMs = random.lognormal(number === 1 ? 9 : 14, 1) * each.owner.pace * HOUR_MS;
  const goesOn = number < 3 && random.chance(SECOND_ANSWER_CHANCE);
  company.whenAtWork(each.owner, waitMs, random, () => (goesOn ? respond(company, each, number + 1) : resolve(company, each)));
}

function escalate(company: Company, each: Case): void {
  const { id: caseId, random, owner } = each;
  company.whenAtWork(owner, random.between(2, 20) * HOUR_MS, random, () => {
    const from = each.owner;
    const to = random.chance(0.5) ? company.managerOf(from) : company.someone('executive', random, { region: from.region });
    if (to !== from) company.pass(each, to);
    company.send(from, build(EscalateCase, { caseId, ownerId: to.id, reason: random.pick(['beyond my say', 'the client asks for somebody senior', 'too long without a solution']) }));
    if (random.chance(EXCEPTION_CHANCE * 4)) except(company, each);
    company.whenAtWork(to, random.lognormal(10, 0.8) * HOUR_MS, random, () => resolve(company, each));
  });
}

function except(company: Company, each: Case): void {
  const { id: caseId, random, client } = each;
  const amount = { amountMinor: random.whole(2, 40) * 5_000, currency: client.currency };
  company.send(actorOf(company.managerOf(each.owner)), build(ApproveException, { caseId, exceptionId: 'x1', policy: random.pick(['No refunds after 30 days', 'Support on weekdays only', 'Yearly payment']), reason: 'good client, first time', amount, validUntil: company.day(90) }));
}

/** Kept in time, late (the clock calls it broken first), or never. */
function promise(company: Company, each: Case): void {
  const { id: caseId, random } = each;
  const promiseId = `p${(each.promises += 1)}`;
  const { owner } = each;
  const dueMs = company.slot(owner, random.whole(1, 6), random);
  company.send(owner, build(PromiseToClient, { caseId, promiseId, dueAt: instant(dueMs), promise: random.pick(['A written answer', 'A corrected invoice', 'A call with the technician', 'A new offer']) }));
  const keep = (): void => company.send(each.owner, build(KeepPromise, { caseId, promiseId }));
  if (random.chance(owner.diligence)) return company.world.at(random.between(company.nowMs, dueMs), keep);
  each.client.mood = Math.max(0, each.client.mood - MOOD_LOST / 2);
  if (random.chance(0.6)) company.world.at(dueMs + random.lognormal(1.5, 0.7) * DAY_MS, keep);
}

function resolve(company: Company, each: Case): void {
  const { id: caseId, random, client } = each;
  company.send(each.owner, build(ResolveCase, { caseId, resolution: random.pick(['answered', 'corrected', 'refunded', 'explained', 'passed to the product team']) }));
  company.release(each);
  const wasLate = company.nowMs - each.openedMs > 3 * DAY_MS;
  client.mood = Math.min(1, Math.max(0, client.mood + (wasLate ? -MOOD_LOST : MOOD_GAINED)));
  if (!each.reopened && random.chance(REOPEN_CHANCE)) return reopen(company, each);
  if (random.chance(SURVEY_CHANCE)) company.world.at(company.nowMs + random.between(1, 24) * HOUR_MS, () => askHowSatisfied(company, client, caseId, wasLate));
}

function reopen(company: Company, each: Case): void {
  const { id: caseId, random, client } = each;
  each.reopened = true;
  company.whenAtWork(client.owner, random.between(10, 90) * HOUR_MS, random, () => {
    company.send(client.owner, build(ReopenCase, { caseId, reason: random.pick(['it happened again', 'the answer was not the one needed']) }));
    // Whoever resolved it may have left since: then it is the client's own coordinator who goes on.
    const resolver = each.owner;
    const isThere = company.present().includes(resolver);
    company.hold(each);
    if (!isThere) company.give(each, client.owner);
    company.whenAtWork(each.owner, random.lognormal(10, 0.8) * HOUR_MS, random, () => resolve(company, each));
  });
}
