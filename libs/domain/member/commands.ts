import { Command } from '../../kernel/command.js';
import { ROLES, type Instant, type LocalDate, type Role } from '../../kernel/event.js';
import { IsDay, IsId, IsInstant, IsMail, IsOneOf, IsText, IsWhole, IsZone } from '../../kernel/fields.js';
import { IsHolidays, IsWeekdays, IsWorkHours, type WorkHours } from '../work-calendar.js';

const LEADERS = ['manager', 'admin'] as const;
/** What a person can be: `system` is the engine itself. */
export const MEMBER_ROLES: readonly Role[] = ROLES.filter((role) => role !== 'system');
const OPEN_ITEMS_MAX = 10_000;

@Command({ path: 'POST /members', roles: LEADERS, creates: true, summary: 'Take a person into the team, with a role and a time zone' })
export class AddMember {
  declare readonly type: 'AddMember';
  @IsId() memberId!: string;
  @IsText({ max: 200 }) name!: string;
  @IsOneOf(MEMBER_ROLES) role!: Role;
  @IsZone() zone!: string;
  @IsMail({ optional: true }) email?: string;
  @IsId({ optional: true }) teamId?: string;
  @IsId({ optional: true, description: 'The member they report to' }) managerId?: string;
  @IsText({ optional: true, max: 100, description: 'Their territory' }) region?: string;
}

@Command({ path: 'POST /members/:memberId/role', roles: LEADERS, summary: 'Give a member another role: what they do from now on counts under it' })
export class ChangeRole {
  declare readonly type: 'ChangeRole';
  @IsId() memberId!: string;
  @IsOneOf(MEMBER_ROLES) role!: Role;
}

@Command({ path: 'POST /members/:memberId/team', roles: LEADERS, summary: 'Move a member to a team; the manager and region they have stay where none is given' })
export class MoveToTeam {
  declare readonly type: 'MoveToTeam';
  @IsId() memberId!: string;
  @IsId() teamId!: string;
  @IsId({ optional: true }) managerId?: string;
  @IsText({ optional: true, max: 100 }) region?: string;
}

@Command({ path: 'POST /members/:memberId/work-calendar', roles: LEADERS, summary: 'Say when a member works: zone, weekdays, hours and holidays' })
export class SetWorkCalendar {
  declare readonly type: 'SetWorkCalendar';
  @IsId() memberId!: string;
  @IsZone() zone!: string;
  @IsWeekdays() weekdays!: readonly number[];
  @IsWorkHours() hours!: WorkHours;
  @IsHolidays({ optional: true }) holidays?: readonly LocalDate[];
}

@Command({ path: 'POST /members/:memberId/capacity', roles: LEADERS, summary: 'Say how many open items a member can carry at once; 0 takes none' })
export class SetCapacity {
  declare readonly type: 'SetCapacity';
  @IsId() memberId!: string;
  @IsWhole(0, OPEN_ITEMS_MAX) openItemsMax!: number;
}

@Command({ path: 'POST /members/:memberId/absences', roles: LEADERS, summary: 'Record days on which a member is away, both included' })
export class RecordAbsence {
  declare readonly type: 'RecordAbsence';
  @IsId() memberId!: string;
  @IsDay() firstDay!: LocalDate;
  @IsDay() lastDay!: LocalDate;
  @IsText() reason!: string;
}

@Command({ path: 'POST /members/:memberId/offboard', roles: LEADERS, summary: 'Say that a member leaves; from then on nothing can be given to them' })
export class OffboardMember {
  declare readonly type: 'OffboardMember';
  @IsId() memberId!: string;
  @IsInstant({ optional: true, description: 'The end of the last day; when left out, the moment of the command' }) leftAt?: Instant;
  @IsText({ optional: true }) reason?: string;
}

export type MemberCommand = AddMember | ChangeRole | MoveToTeam | SetWorkCalendar | SetCapacity | RecordAbsence | OffboardMember;
