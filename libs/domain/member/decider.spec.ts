import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { AddMember, ChangeRole, MEMBER_ROLES, MoveToTeam, OffboardMember, RecordAbsence, SetCapacity, SetWorkCalendar, type MemberCommand } from './commands.js';
import { member, type MemberFacts } from './decider.js';
import type { MemberEvent } from './events.js';
import { memberContext } from './member.context.js';

const memberId = 'ada';
const LATER = '2026-03-31T22:00:00.000Z';
const facts: MemberFacts = { manager: { status: 'active', role: 'manager', zone: 'UTC' } };
const hours = { from: '08:30', to: '17:00' };

const added: MemberEvent = { type: 'MemberAdded', data: { memberId, name: 'Ada Kern', role: 'coordinator', zone: 'Europe/Zurich' } };
const roleChanged: MemberEvent = { type: 'RoleChanged', data: { memberId, role: 'executive', from: 'coordinator' } };
const moved: MemberEvent = { type: 'MemberMovedToTeam', data: { memberId, teamId: 'north', managerId: 'max', region: 'DACH' } };
const calendarSet: MemberEvent = { type: 'WorkCalendarSet', data: { memberId, zone: 'Europe/Zurich', weekdays: [1, 2, 3, 4], hours, holidays: ['2026-12-25', '2026-12-26'] } };
const capacitySet: MemberEvent = { type: 'CapacitySet', data: { memberId, openItemsMax: 25 } };
const away: MemberEvent = { type: 'AbsenceRecorded', data: { memberId, firstDay: '2026-07-06', lastDay: '2026-07-17', reason: 'holiday' } };
const offboarded: MemberEvent = { type: 'MemberOffboarded', data: { memberId, leftAt: SPEC_NOW } };
const leaving: MemberEvent = { type: 'MemberOffboarded', data: { memberId, leftAt: LATER, reason: 'retires' } };

const add = build(AddMember, { memberId, name: 'Ada Kern', role: 'coordinator', zone: 'Europe/Zurich' });
const changeRole = build(ChangeRole, { memberId, role: 'executive' });
const move = build(MoveToTeam, { memberId, teamId: 'north', managerId: 'max', region: 'DACH' });
const setCalendar = build(SetWorkCalendar, { memberId, zone: 'Europe/Zurich', weekdays: [4, 3, 2, 1], hours, holidays: ['2026-12-26', '2026-12-25'] });
const setCapacity = build(SetCapacity, { memberId, openItemsMax: 25 });
const absence = (firstDay: string, lastDay: string) => build(RecordAbsence, { memberId, firstDay, lastDay, reason: 'holiday' });
const offboard = build(OffboardMember, { memberId });

const { given } = deciderSpec(member, facts);

describe('a member', () => {
  it('is added', () => given().when(add).then(added));
  it('is added with e-mail, team, manager and region', () => {
    const more = { email: 'ada@example.com', teamId: 'north', managerId: 'max', region: 'DACH' };
    given().when(build(AddMember, { ...add, ...more })).then({ type: 'MemberAdded', data: { memberId, name: 'Ada Kern', role: 'coordinator', zone: 'Europe/Zurich', ...more } });
  });
  it('is not added twice', () => given(added).when(add).thenRefused('member_already_exists'));
  it('is not added anew after leaving', () => given(added, offboarded).when(add).thenRefused('member_already_exists'));
  it('can have no manager', () => given().when(add, { facts: { manager: { status: 'unknown' } } }).then(added));
  it('has a manager who is known', () => given().when(build(AddMember, { ...add, managerId: 'max' }), { facts: { manager: { status: 'unknown' } } }).thenRefused('manager_unknown'));
  it('has a manager other than themselves', () => given().when(build(AddMember, { ...add, managerId: memberId })).thenRefused('member_own_manager'));

  it('takes another role', () => given(added).when(changeRole).then(roleChanged));
  it('keeps the role they have', () => given(added, roleChanged).when(changeRole).thenNothing());

  it('moves to a team', () => given(added).when(move).then(moved));
  it('stays in the team they are in', () => given(added, moved).when(move).thenNothing());
  it('stays in the team they were added to', () =>
    given({ type: 'MemberAdded', data: { ...added.data, teamId: 'north', managerId: 'max', region: 'DACH' } }).when(move).thenNothing());
  it('keeps manager and region where the move names none', () =>
    given(added, moved).when(build(MoveToTeam, { memberId, teamId: 'south' })).then({ type: 'MemberMovedToTeam', data: { memberId, teamId: 'south', managerId: 'max', region: 'DACH' } }));
  it('does not move where only what they have is repeated', () => given(added, moved).when(build(MoveToTeam, { memberId, teamId: 'north' })).thenNothing());
  it('does not move under a manager who has left', () =>
    given(added).when(move, { facts: { manager: { status: 'offboarded', role: 'manager', zone: 'UTC', lastDayEndsAt: SPEC_NOW } } }).thenRefused('manager_offboarded'));
  it('does not become their own manager', () => given(added).when(build(MoveToTeam, { ...move, managerId: memberId })).thenRefused('member_own_manager'));

  it('gets a work calendar, its days in order', () => given(added).when(setCalendar).then(calendarSet));
  it('keeps the work calendar that already stands', () => given(added, calendarSet).when(setCalendar).thenNothing());
  it('gets a work calendar without holidays', () =>
    given(added, calendarSet).when(build(SetWorkCalendar, { memberId, zone: 'Europe/Zurich', weekdays: [1], hours })).then({ type: 'WorkCalendarSet', data: { memberId, zone: 'Europe/Zurich', weekdays: [1], hours, holidays: [] } }));

  it('gets a capacity', () => given(added).when(setCapacity).then(capacitySet));
  it('keeps the capacity that already stands', () => given(added, capacitySet).when(setCapacity).thenNothing());

  it('is away', () => given(added).when(absence('2026-07-06', '2026-07-17')).then(away));
  it('is away once for the same days', () => given(added, away).when(absence('2026-07-06', '2026-07-17')).thenNothing());
  it('is not away twice on one day', () => {
    for (const [firstDay, lastDay] of [['2026-07-17', '2026-07-20'], ['2026-07-01', '2026-07-06'], ['2026-07-06', '2026-07-10'], ['2026-07-10', '2026-07-17'], ['2026-07-01', '2026-07-31']] as const) {
      given(added, away).when(absence(firstDay, lastDay)).thenRefused('absence_overlaps');
    }
  });
  it('is away again from the day after', () =>
    given(added, away).when(absence('2026-07-18', '2026-07-18')).then({ type: 'AbsenceRecorded', data: { memberId, firstDay: '2026-07-18', lastDay: '2026-07-18', reason: 'holiday' } }));
  it('does not come back before going', () => given(added).when(absence('2026-07-17', '2026-07-16')).thenRefused('absence_ends_before_it_starts'));
  it('is away for at most 1,100 days', () => given(added).when(absence('2026-01-01', '2029-01-05')).thenRefused('absence_too_long'));

  it('leaves at the moment of the command', () => given(added).when(offboard).then(offboarded));
  it('leaves on the day that was agreed', () => given(added).when(build(OffboardMember, { memberId, leftAt: LATER, reason: 'retires' })).then(leaving));
  it('leaves once', () => given(added, offboarded).when(offboard).thenNothing());
  it('leaves once where the day is said again, or left out', () => {
    given(added, leaving).when(build(OffboardMember, { memberId, leftAt: LATER })).thenNothing();
    given(added, leaving).when(offboard).thenNothing();
  });
  it('does not leave on another day once it stands', () => given(added, leaving).when(build(OffboardMember, { memberId, leftAt: SPEC_NOW })).thenRefused('member_offboarded'));
  it('does not leave before joining', () => given(added).when(build(OffboardMember, { memberId, leftAt: '2026-03-01T00:00:00.000Z' })).thenRefused('member_left_before_joined'));
  it('is beyond change after leaving', () => {
    for (const command of [changeRole, move, setCalendar, setCapacity, absence('2026-07-06', '2026-07-17')]) given(added, offboarded).when(command).thenRefused('member_offboarded');
  });
  it('stays a member until the leave that was announced', () => given(added, leaving).when(changeRole).then(roleChanged));

  it('is unknown until added', () => {
    for (const command of [changeRole, move, setCalendar, setCapacity, absence('2026-07-06', '2026-07-17'), offboard]) given().when(command).thenRefused('member_not_found');
  });

  it('does once what is sent twice, after any history', () => {
    const day = fc.integer({ min: 0, max: 40 }).map((days) => new Date(Date.parse(SPEC_NOW) + days * 86_400_000).toISOString().slice(0, 10));
    const leftAt = fc.integer({ min: -100, max: 5_000 }).map((minutes) => new Date(Date.parse(SPEC_NOW) + minutes * 60_000).toISOString());
    const commands: fc.Arbitrary<MemberCommand> = fc.oneof(
      fc.constant(add),
      fc.constantFrom(...MEMBER_ROLES).map((role) => build(ChangeRole, { memberId, role })),
      fc.record({ teamId: fc.constantFrom('north', 'south'), managerId: fc.constantFrom('max', 'mia') }, { requiredKeys: ['teamId'] }).map((fields) => build(MoveToTeam, { memberId, ...fields })),
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }).map((weekdays) => build(SetWorkCalendar, { memberId, zone: 'UTC', weekdays, hours })),
      fc.integer({ min: 0, max: 3 }).map((openItemsMax) => build(SetCapacity, { memberId, openItemsMax })),
      fc.tuple(day, day).map(([firstDay, lastDay]) => absence(firstDay, lastDay)),
      fc.option(leftAt, { nil: undefined }).map((at) => build(OffboardMember, { memberId, ...(at && { leftAt: at }) })),
    );
    holdsTwiceIsOnce(memberContext, commands, fc.constantFrom<MemberFacts>(facts, { manager: { status: 'unknown' } }));
  });
});

describe('a member told of late', () => {
  const JANUARY = '2026-01-05T09:00:00.000Z';
  const FEBRUARY = '2026-02-02T09:00:00.000Z';
  const joined = { ...added, occurredAt: JANUARY };
  const leads: MemberEvent & { occurredAt: string } = { type: 'RoleChanged', data: { memberId, role: 'manager', from: 'coordinator' }, occurredAt: SPEC_NOW };
  const sold: MemberEvent & { occurredAt: string } = { ...roleChanged, occurredAt: FEBRUARY };

  it('takes a role in its place in time', () => given(joined, leads).when(changeRole, { occurredAt: FEBRUARY }).then(roleChanged));
  it('keeps the role of later', () => given(joined, leads, sold).when(build(ChangeRole, { memberId, role: 'manager' })).thenNothing());
  it('moves from the team of that time', () => {
    const north = { ...moved, occurredAt: SPEC_NOW };
    given(joined, north).when(build(MoveToTeam, { memberId, teamId: 'south' }), { occurredAt: FEBRUARY }).then({ type: 'MemberMovedToTeam', data: { memberId, teamId: 'south' } });
    given(joined, north, { type: 'MemberMovedToTeam', data: { memberId, teamId: 'south' }, occurredAt: FEBRUARY }).when(move).thenNothing();
  });
  it('takes hours and capacity in their place in time', () => {
    given(joined, { ...calendarSet, occurredAt: SPEC_NOW }).when(setCalendar, { occurredAt: FEBRUARY }).then(calendarSet);
    given(joined, { ...capacitySet, occurredAt: SPEC_NOW }, { type: 'CapacitySet', data: { memberId, openItemsMax: 5 }, occurredAt: FEBRUARY }).when(setCapacity).thenNothing();
  });
  it('changes in nothing before joining', () => {
    for (const command of [changeRole, move, setCalendar, setCapacity]) given(joined).when(command, { occurredAt: '2026-01-05T08:59:59.999Z' }).thenRefused('member_not_yet_joined');
  });
});
