import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Instant, LocalDate, Role } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { asItWas, BEFORE_ALL, begun, revised, type Change } from '../in-force.js';
import { inOrder, sameItems, type WorkCalendar } from '../work-calendar.js';
import type { MemberCommand, MoveToTeam, RecordAbsence, SetWorkCalendar } from './commands.js';
import type { MemberEvent } from './events.js';
import { ownerProblem, type MemberStanding } from './facts.js';

interface Absence {
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate;
}

/** What of a member is changed from a day on. */
interface Standing {
  readonly role: Role;
  readonly teamId?: string;
  readonly managerId?: string;
  readonly region?: string;
  readonly calendar?: WorkCalendar;
  readonly openItemsMax?: number;
}

interface Known extends Standing {
  readonly joinedAt?: Instant;
  /** In the order in which they came into force: what is told late takes its place in between. */
  readonly changes: readonly Change<Standing>[];
  readonly absences: readonly Absence[];
}

export type Member =
  | { readonly status: 'absent' }
  | (Known & { readonly status: 'active' })
  | (Known & { readonly status: 'offboarded'; readonly leftAt: Instant });

/** Read only when a manager is named. */
export interface MemberFacts {
  readonly manager: MemberStanding;
}

export type MemberRefusal =
  | 'member_not_found' | 'member_already_exists' | 'member_offboarded' | 'member_not_yet_joined' | 'member_left_before_joined' | 'member_own_manager' | 'manager_unknown' | 'manager_offboarded'
  | 'absence_ends_before_it_starts' | 'absence_too_long' | 'absence_overlaps';

export const memberRefusals: RefusalCatalog<MemberRefusal> = {
  member_not_found: { kind: 'not_found', title: 'No member has this id.' },
  member_already_exists: { kind: 'conflict', title: 'A member with this id was already added; a person who comes back gets a new id.' },
  member_offboarded: { kind: 'conflict', title: 'The member has left.' },
  member_not_yet_joined: { kind: 'invalid', title: 'Nothing of a member can change before they joined; give a later occurredAt.' },
  member_left_before_joined: { kind: 'invalid', title: 'A member cannot leave before they joined.' },
  member_own_manager: { kind: 'invalid', title: 'Nobody is their own manager.' },
  manager_unknown: { kind: 'invalid', title: 'No member has the id given as manager.' },
  manager_offboarded: { kind: 'invalid', title: 'The member given as manager has left.' },
  absence_ends_before_it_starts: { kind: 'invalid', title: 'The last day of an absence cannot be before its first.' },
  absence_too_long: { kind: 'invalid', title: 'An absence is recorded for at most 1,100 days at a time.' },
  absence_overlaps: { kind: 'conflict', title: 'The member is already recorded as away on some of these days.' },
};

/** Three years: bounds the days that a read model spreads one absence over. */
const ABSENCE_DAYS_MAX = 1_100;
const DAY_MS = 86_400_000;

/** A person of the team, from joining to leaving. A leave can be announced: until then they stay what they are. */
export const member: Decider<MemberCommand, Member, MemberEvent, MemberRefusal, MemberFacts> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    const at = event.occurredAt ?? BEFORE_ALL;
    if (event.type === 'MemberAdded') {
      const { role, teamId, managerId, region } = event.data;
      const standing: Standing = { role, ...(teamId && { teamId }), ...(managerId && { managerId }), ...(region && { region }) };
      return { status: 'active', absences: [], ...(event.occurredAt && { joinedAt: event.occurredAt }), ...begun(at, standing) };
    }
    if (state.status === 'absent') return state;
    switch (event.type) {
      case 'RoleChanged': return revised(state, at, { role: event.data.role });
      case 'MemberMovedToTeam': {
        const { teamId, managerId, region } = event.data;
        return revised(state, at, { teamId, ...(managerId && { managerId }), ...(region && { region }) });
      }
      case 'WorkCalendarSet': return revised(state, at, { calendar: event.data });
      case 'CapacitySet': return revised(state, at, { openItemsMax: event.data.openItemsMax });
      case 'AbsenceRecorded': return { ...state, absences: [...state.absences, event.data] };
      case 'MemberOffboarded': return { ...state, status: 'offboarded', leftAt: event.data.leftAt };
    }
  },

  decide(state, command, { occurredAt, facts }) {
    const { memberId } = command;
    if (command.type === 'AddMember') {
      if (state.status !== 'absent') return refuse('member_already_exists');
      const problem = managerProblem(command, facts.manager, occurredAt);
      if (problem) return refuse(problem, command.managerId);
      const { name, role, zone, email, teamId, managerId, region } = command;
      return accept({ type: 'MemberAdded', data: { memberId, name, role, zone, ...(email && { email }), ...(teamId && { teamId }), ...(managerId && { managerId }), ...(region && { region }) } });
    }
    if (state.status === 'absent') return refuse('member_not_found');
    if (command.type === 'OffboardMember') {
      const leftAt = command.leftAt ?? occurredAt;
      if (state.status === 'offboarded') return command.leftAt === undefined || leftAt === state.leftAt ? accept() : refuse('member_offboarded', `left ${state.leftAt}`);
      if (state.joinedAt && leftAt < state.joinedAt) return refuse('member_left_before_joined', `joined ${state.joinedAt}`);
      return accept({ type: 'MemberOffboarded', data: { memberId, leftAt, ...(command.reason && { reason: command.reason }) } });
    }
    if (state.status === 'offboarded' && occurredAt >= state.leftAt) return refuse('member_offboarded', `left ${state.leftAt}`);
    if (command.type === 'RecordAbsence') return recordAbsence(state, command);
    if (state.joinedAt && occurredAt < state.joinedAt) return refuse('member_not_yet_joined', `joined ${state.joinedAt}, said to happen ${occurredAt}`);
    const standing = asItWas(state, occurredAt);
    switch (command.type) {
      case 'ChangeRole':
        return standing.role === command.role ? accept() : accept({ type: 'RoleChanged', data: { memberId, role: command.role, from: standing.role } });
      case 'SetCapacity':
        return standing.openItemsMax === command.openItemsMax ? accept() : accept({ type: 'CapacitySet', data: { memberId, openItemsMax: command.openItemsMax } });
      case 'MoveToTeam': {
        const problem = managerProblem(command, facts.manager, occurredAt);
        return problem ? refuse(problem, command.managerId) : moveToTeam(standing, command);
      }
      case 'SetWorkCalendar': return setWorkCalendar(standing, command);
    }
  },
};

function managerProblem(command: { memberId: string; managerId?: string }, manager: MemberStanding, occurredAt: Instant): MemberRefusal | undefined {
  if (command.managerId === undefined) return undefined;
  if (command.managerId === command.memberId) return 'member_own_manager';
  const problem = ownerProblem(manager, occurredAt);
  return problem && (problem === 'owner_unknown' ? 'manager_unknown' : 'manager_offboarded');
}

function moveToTeam(state: Standing, { memberId, teamId, managerId = state.managerId, region = state.region }: MoveToTeam): Decision<MemberEvent, MemberRefusal> {
  if (teamId === state.teamId && managerId === state.managerId && region === state.region) return accept();
  return accept({ type: 'MemberMovedToTeam', data: { memberId, teamId, ...(managerId && { managerId }), ...(region && { region }) } });
}

function setWorkCalendar(state: Standing, { memberId, zone, weekdays, hours, holidays = [] }: SetWorkCalendar): Decision<MemberEvent, MemberRefusal> {
  const { calendar } = state;
  const stands = calendar && calendar.zone === zone && sameItems(calendar.weekdays, weekdays) && calendar.hours.from === hours.from && calendar.hours.to === hours.to && sameItems(calendar.holidays, holidays);
  if (stands) return accept();
  return accept({ type: 'WorkCalendarSet', data: { memberId, zone, weekdays: inOrder(weekdays), hours, holidays: inOrder(holidays) } });
}

function recordAbsence(state: Known, { memberId, firstDay, lastDay, reason }: RecordAbsence): Decision<MemberEvent, MemberRefusal> {
  if (lastDay < firstDay) return refuse('absence_ends_before_it_starts', `${firstDay} to ${lastDay}`);
  if (Date.parse(lastDay) - Date.parse(firstDay) >= ABSENCE_DAYS_MAX * DAY_MS) return refuse('absence_too_long', `${firstDay} to ${lastDay}`);
  if (state.absences.some((absence) => absence.firstDay === firstDay && absence.lastDay === lastDay)) return accept();
  const overlapping = state.absences.find((absence) => absence.firstDay <= lastDay && absence.lastDay >= firstDay);
  if (overlapping) return refuse('absence_overlaps', `${overlapping.firstDay} to ${overlapping.lastDay}`);
  return accept({ type: 'AbsenceRecorded', data: { memberId, firstDay, lastDay, reason } });
}
