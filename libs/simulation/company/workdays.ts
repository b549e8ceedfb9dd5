import { CorrectWork, LogWork } from '../../domain/work-log/commands.js';
import type { WorkCategory } from '../../domain/work-log/events.js';
import { build } from '../../kernel/command.js';
import type { Random } from '../random.js';
import type { Company } from './company.js';
import { isMemberAt, type Person, type SalesRole } from './person.js';
import { allocateTask } from './tasks.js';
import { dateOf, dayAt, DAY_MS, momentOf, worksOn } from './work-time.js';

const ENTRIES_A_DAY = [2, 4] as const;
const FORGOTTEN_CHANCE = 0.1;
const CORRECT_CHANCE = 0.02;
const AUTOMATED_CHANCE = 0.18;
const TASKS_A_DAY = 0.55;
const MINUTE_MS = 60_000;

/** What people of each role spend their day on. */
const DAY: Readonly<Record<SalesRole, Readonly<Partial<Record<WorkCategory, number>>>>> = {
  coordinator: { selling: 10, follow_up: 20, client_care: 16, data_entry: 15, scheduling: 12, coordination: 12, contract_work: 8, reporting: 7 },
  executive: { selling: 38, meeting: 26, travel: 10, follow_up: 12, contract_work: 6, data_entry: 5, reporting: 3 },
  manager: { meeting: 30, coordination: 28, reporting: 22, selling: 12, training: 8 },
};

const TITLES = ['Tidy up the contact list', 'Answer the tender', 'Prepare the weekly figures', 'Update the price list', 'Call back', 'Plan the fair', 'Check open invoices'];

/** Each working day of each member ends with what was done, and brings some work that no deal or client asked for. */
export function startWorkdays(company: Company): void {
  for (const person of company.people) {
    const random = company.world.random.fork(`workdays ${person.id}`);
    company.world.at(person.joinsMs + DAY_MS, () => workday(company, person, dayAt(person.zone, company.nowMs), random));
  }
}

function workday(company: Company, person: Person, day: number, random: Random): void {
  const { zone, fromMinute, toMinute } = person;
  company.world.at(momentOf(zone, day + 1, 0), () => workday(company, person, day + 1, random));
  const endMs = momentOf(zone, day, toMinute);
  if (!worksOn(person, day) || !isMemberAt(person, endMs)) return;
  const busy = Math.min(1.6, 0.6 + 0.4 * company.world.plan.demand);
  for (let left = random.poisson(TASKS_A_DAY * busy); left > 0; left -= 1) {
    company.world.at(momentOf(zone, day, random.between(fromMinute, toMinute - 30)), () => {
      if (isMemberAt(person, company.nowMs)) allocateTask(company, person, { title: random.pick(TITLES) });
    });
  }
  if (!random.chance(FORGOTTEN_CHANCE)) company.world.at(endMs - random.between(2, 25) * MINUTE_MS, () => logDay(company, person, day, random));
}

function logDay(company: Company, person: Person, day: number, random: Random): void {
  const entries = random.whole(...ENTRIES_A_DAY);
  const minutes = (person.toMinute - person.fromMinute - 30) * random.between(0.85, 1.1);
  for (let entry = 0; entry < entries; entry += 1) log(company, person, day, { category: random.word(DAY[person.role]), minutes: (minutes / entries) * random.between(0.7, 1.3) }, random);
  if (random.chance(AUTOMATED_CHANCE)) log(company, person, day, { category: random.pick(['data_entry', 'reporting', 'scheduling'] as const), minutes: random.between(5, 40), automated: true }, random);
}

function log(company: Company, person: Person, day: number, work: { readonly category: WorkCategory; readonly minutes: number; readonly automated?: boolean }, random: Random): void {
  const workLogId = company.world.id('work');
  const minutes = Math.max(5, Math.round(work.minutes / 5) * 5);
  company.send(person, build(LogWork, { workLogId, memberId: person.id, category: work.category, minutes, on: dateOf(day), ...(work.automated && { automated: true }) }));
  if (random.chance(CORRECT_CHANCE)) {
    company.world.at(company.nowMs + random.between(0.2, 3) * DAY_MS, () => company.send(person, build(CorrectWork, { workLogId, minutes: minutes + 5 * random.whole(1, 8), reason: 'mistyped' })));
  }
}
