import { AddMember, ChangeRole, MoveToTeam, OffboardMember, RecordAbsence, SetCapacity, SetWorkCalendar } from '../../domain/member/commands.js';
import { build } from '../../kernel/command.js';
import { instant } from '../world.js';
import type { Company } from './company.js';
import { mailOf } from './names.js';
import type { Person } from './person.js';
import { dateOf, DAY_MS, HOUR_MS, momentOf, type Absence } from './work-time.js';

/** Sets the company up before there is anyone: the person who turned it on. */
export const FOUNDER = { id: 'sim-founder', role: 'admin' } as const;

const NOTICE_DAYS = 14;
const HOLIDAY_DAYS_MIN = 5;
const HOLIDAY_NOTICE_DAYS = 30;

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Everything that becomes of the people: they join, are away, change, leave. */
export function startRoster(company: Company, teamIds: readonly string[]): void {
  const { world, people } = company;
  const lead = people[0]!; // a team has at least three
  for (const person of people) {
    world.at(person.joinsMs, () => join(company, person, lead));
    if (person.leavesMs < world.plan.endMs) leave(company, person);
    for (const absence of person.absences) announceAbsence(company, person, absence, lead);
  }
  startChanges(company, teamIds);
}

function join(company: Company, person: Person, lead: Person): void {
  const { id: memberId, name, role, zone, region, teamId, weekdays, fromMinute, toMinute, holidays } = person;
  const random = company.world.random.fork(`join ${memberId}`);
  company.send(FOUNDER, build(AddMember, { memberId, name, role, zone, email: mailOf(name), teamId, region, ...(person !== lead && { managerId: lead.id }) }));
  company.send(FOUNDER, build(SetWorkCalendar, { memberId, zone, weekdays: [...weekdays], hours: { from: clock(fromMinute), to: clock(toMinute) }, holidays: [...holidays].sort() }));
  company.send(FOUNDER, build(SetCapacity, { memberId, openItemsMax: random.whole(5, 9) * 5 }));
}

/** A leave is announced; on the day itself all work goes to others. */
function leave(company: Company, person: Person): void {
  const { world } = company;
  const random = world.random.fork(`leave ${person.id}`);
  world.at(person.leavesMs - NOTICE_DAYS * DAY_MS, () =>
    company.send(FOUNDER, build(OffboardMember, { memberId: person.id, leftAt: instant(person.leavesMs), reason: random.pick(['another position', 'moves away', 'contract ended']) })));
  world.at(person.leavesMs, () => {
    for (const held of [...person.held]) company.give(held, company.someone(person.role, random, { region: person.region }));
  });
}

/** Holidays are known weeks ahead, illness in the morning. */
function announceAbsence(company: Company, person: Person, absence: Absence, lead: Person): void {
  const { firstDay, lastDay } = absence;
  const isHoliday = lastDay - firstDay + 1 >= HOLIDAY_DAYS_MIN;
  const morningMs = momentOf(person.zone, firstDay, person.fromMinute) - HOUR_MS;
  const toldMs = isHoliday ? Math.max(person.joinsMs + 2 * HOUR_MS, morningMs - HOLIDAY_NOTICE_DAYS * DAY_MS) : morningMs;
  company.world.at(toldMs, () => {
    if (company.nowMs >= person.leavesMs) return;
    company.send(lead, build(RecordAbsence, { memberId: person.id, firstDay: dateOf(firstDay), lastDay: dateOf(lastDay), reason: isHoliday ? 'holiday' : 'ill' }));
  });
}

/** Once in a while somebody is promoted, changes teams, or carries more or less than before. */
function startChanges(company: Company, teamIds: readonly string[]): void {
  const { world } = company;
  const { startMs, endMs } = world.plan;
  const random = world.random.fork('changes');
  const at = (share: number): number => startMs + share * (endMs - startMs);
  const staying = (person: Person): boolean => person.leavesMs >= endMs;
  world.at(at(0.55), () => {
    const coordinators = company.present().filter(({ role }) => role === 'coordinator');
    const promoted = coordinators.filter(staying).sort((a, b) => b.skill - a.skill)[0];
    if (!promoted || coordinators.length < 3) return;
    company.send(company.managerOf(promoted), build(ChangeRole, { memberId: promoted.id, role: 'executive' }));
    promoted.role = 'executive';
  });
  world.at(at(0.4), () => {
    const mover = company.present().filter((person) => person.role !== 'manager' && staying(person)).at(-1);
    const teamId = teamIds.find((id) => id !== mover?.teamId);
    if (!mover || teamId === undefined) return;
    company.send(company.managerOf(mover), build(MoveToTeam, { memberId: mover.id, teamId }));
    mover.teamId = teamId;
  });
  for (const share of [0.3, 0.7]) {
    world.at(at(share), () => {
      const person = random.pick(company.present());
      company.send(FOUNDER, build(SetCapacity, { memberId: person.id, openItemsMax: random.whole(8, 12) * 5 }));
    });
  }
}
